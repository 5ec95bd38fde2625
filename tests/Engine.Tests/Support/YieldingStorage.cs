using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;

namespace StatusMonitor.Engine.Tests.Support;

/// <summary>A store that takes a moment, as one over a network does: two writes at once would bear the same tag.</summary>
public sealed class YieldingStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), (string Tag, object? State)> _records = new();
    private int _lastTag;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var record)) (grainState.ETag, grainState.State, grainState.RecordExists) = (record.Tag, (T)record.State!, true);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var before = grainState.ETag;
        await Task.Yield();
        _records.TryGetValue((stateName, grainId), out var stored);
        if (stored.Tag != before) throw new InconsistentStateException("Somebody was faster.", stored.Tag, before);

        grainState.ETag = Interlocked.Increment(ref _lastTag).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        _records[(stateName, grainId)] = (grainState.ETag, grainState.State);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}
