using System.Collections.Concurrent;
using Orleans.Storage;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>What fails at the moment.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, BrokenState> _states = new();

    /// <summary>What an append to the journal throws, or null.</summary>
    public Func<Exception>? Journal { get; set; }

    /// <summary>What every write of a state waits for, by its name, or null.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    /// <summary>What deleting a slice of a host's history does instead, or null.</summary>
    public Func<long, Task<bool>>? Erasure { get; set; }

    /// <summary>What a host that is activated waits for before it reads its past, or null.</summary>
    public Func<Task>? Tail { get; set; }

    /// <summary>Makes every write of a state fail, or every one <paramref name="after"/> so many.</summary>
    public void BreakState(string name, Func<Exception>? exception = null, int after = 0) =>
        _states[name] = new BrokenState(exception ?? (static () => new StorageFailedException("The disk is full.")), after);

    public void MendState(string name) => _states.TryRemove(name, out _);

    public void ThrowIfBroken(string state)
    {
        if (_states.TryGetValue(state, out var broken)) broken.Write();
    }

    private sealed class BrokenState(Func<Exception> exception, int after)
    {
        private int _left = after;

        public void Write()
        {
            if (Interlocked.Decrement(ref _left) < 0) throw exception();
        }
    }
}

/// <summary>The real journal, unless it shall fail.</summary>
internal sealed class FragileJournal(ISampleJournal journal, Faults faults) : ISampleJournal
{
    public Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows) =>
        faults.Journal is { } exception ? Task.FromException<int>(exception()) : journal.AppendAsync(hostId, newSeries, rows);

    public async Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken)
    {
        await (faults.Tail?.Invoke() ?? Task.CompletedTask);
        return await journal.ReadTailAsync(hostId, window, maxRows, cancellationToken);
    }

    public Task<bool> DeleteAsync(long hostId) => faults.Erasure?.Invoke(hostId) ?? journal.DeleteAsync(hostId);
}

/// <summary>The real storage, unless it shall fail.</summary>
internal sealed class FragileGrainStorage(IGrainStorage storage, Faults faults) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await (faults.BeforeWrite?.Invoke(stateName) ?? Task.CompletedTask);
        faults.ThrowIfBroken(stateName);
        await storage.WriteStateAsync(stateName, grainId, grainState);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        faults.ThrowIfBroken(stateName);
        await storage.ClearStateAsync(stateName, grainId, grainState);
    }
}
