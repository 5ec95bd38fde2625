using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps states in this process's memory, as JSON, so that what a grain changes is not stored before it says so.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };
    private readonly ConcurrentDictionary<(string, GrainId), Record> _records = new();
    private long _lastTag;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _records.TryGetValue((stateName, grainId), out var record);
        Fill(grainState, record);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var tag = Interlocked.Increment(ref _lastTag).ToString(CultureInfo.InvariantCulture);
        var record = new Record(tag, JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json));
        var isStored = grainState.ETag is null
            ? _records.TryAdd((stateName, grainId), record)
            : _records.TryGetValue((stateName, grainId), out var stored) && stored.Tag == grainState.ETag
                && _records.TryUpdate((stateName, grainId), record, stored);
        if (!isStored) throw Inconsistent(stateName, grainId, grainState.ETag);

        grainState.ETag = tag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _records.TryGetValue((stateName, grainId), out var stored);
        if (stored?.Tag != grainState.ETag) throw Inconsistent(stateName, grainId, grainState.ETag);

        if (stored is not null && !_records.TryRemove(new KeyValuePair<(string, GrainId), Record>((stateName, grainId), stored)))
        {
            throw Inconsistent(stateName, grainId, grainState.ETag);
        }

        Fill(grainState, record: null);
        return Task.CompletedTask;
    }

    private static void Fill<T>(IGrainState<T> grainState, Record? record)
    {
        // A missing state is left null: the grain's view of it makes a new one.
        grainState.State = record is null ? default : JsonSerializer.Deserialize<T>(record.Json, Json);
        grainState.ETag = record?.Tag;
        grainState.RecordExists = record is not null;
    }

    private InconsistentStateException Inconsistent(string stateName, GrainId grainId, string? tag) => new(
        $"State {stateName} of {grainId} was changed since it was read.", _records.GetValueOrDefault((stateName, grainId))?.Tag, tag);

    private sealed record Record(string Tag, byte[] Json);
}
