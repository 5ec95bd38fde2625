using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace StatusMonitor.Storage;

/// <summary>Grain state as JSON in a database. A write must bring the ETag it has read, or it changes nothing.</summary>
public abstract class JsonGrainStorage : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await ReadAsync(stateName, grainId.ToString());
        grainState.ETag = stored?.ETag.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = stored?.Data is not null;
        grainState.State = stored?.Data is { } data ? JsonSerializer.Deserialize<T>(data)! : Activator.CreateInstance<T>();
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await WriteAsync(stateName, grainId, grainState.ETag, JsonSerializer.SerializeToUtf8Bytes(grainState.State));
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // The row stays with its ETag, so that a stale activation cannot bring the old state back.
        if (grainState.ETag is not null) grainState.ETag = await WriteAsync(stateName, grainId, grainState.ETag, null);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    /// <summary>The row of a state, or null; its data are null if it was cleared.</summary>
    private protected abstract Task<(long ETag, byte[]? Data)?> ReadAsync(string stateName, string grainId);

    /// <summary>Writes a row if it still has the ETag, 0 if there must be none, and gives it the next one. False if it has not.</summary>
    private protected abstract Task<bool> TryWriteAsync(string stateName, string grainId, long expected, byte[]? data);

    private async Task<string> WriteAsync(string stateName, GrainId grainId, string? etag, byte[]? data)
    {
        var expected = etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
        if (await TryWriteAsync(stateName, grainId.ToString(), expected, data)) return (expected + 1).ToString(CultureInfo.InvariantCulture);
        throw new InconsistentStateException($"The state '{stateName}' of {grainId} was changed by another activation.", "unknown", etag ?? "none");
    }
}
