using StatusMonitor.Gateway.Cluster;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Health;

/// <summary>Room on the disk of the data folder, or for a database whose size is limited, bytes. <paramref name="State"/> is <c>ok</c>, <c>low</c>, or <c>full</c>: then no samples are taken.</summary>
internal sealed record DiskHealth(string Path, long FreeBytes, long TotalBytes, string State);

/// <summary>What history takes on disk, bytes, and how much of it waits to be compacted.</summary>
internal sealed record HistoryHealth(long TotalBytes, long JournalBytes, long SampleBytes, long MinuteBytes, long QuarterHourBytes, long Waiting);

/// <summary>Room and sizes. <paramref name="History"/> is null if it could not be measured.</summary>
internal readonly record struct StorageDetails(DiskHealth Disk, HistoryHealth? History);

/// <summary>What only administrators are told: <see cref="StorageDetails"/>, and the server's processes, the one that answers first.</summary>
internal sealed record HealthDetails(DiskHealth Disk, HistoryHealth? History, IReadOnlyList<MemberSummary> Members);

/// <summary>Room and sizes. What history takes is measured anew only now and then, because health is asked often.</summary>
internal sealed class StorageHealth(IStorageSpace space, IHistoryUpkeep history, TimeProvider time)
{
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private Task<HistoryHealth?>? _measured;
    private long _measuredAt;

    /// <summary>Whether no samples are taken because the disk is nearly full.</summary>
    public bool IsFull => space.Read().State == StorageSpaceState.Full;

    public async Task<StorageDetails> ReadAsync()
    {
        var disk = space.Read();
        var state = disk.State switch { StorageSpaceState.Ok => "ok", StorageSpaceState.Low => "low", _ => "full" };
        return new StorageDetails(new DiskHealth(disk.Path, disk.FreeBytes, disk.TotalBytes, state), await Measured());
    }

    private Task<HistoryHealth?> Measured()
    {
        lock (_gate)
        {
            if (_measured is not null && time.GetElapsedTime(_measuredAt) < MeasureInterval) return _measured;
            _measuredAt = time.GetTimestamp();
            return _measured = MeasureAsync();
        }
    }

    private async Task<HistoryHealth?> MeasureAsync()
    {
        try
        {
            // For whoever asks meanwhile, too, so it does not end with one request.
            var size = await history.MeasureAsync(CancellationToken.None);
            return new HistoryHealth(size.TotalBytes, size.JournalBytes, size.SampleBytes, size.MinuteBytes, size.QuarterHourBytes, size.Waiting);
        }
        catch (StorageFailedException)
        {
            // That the store fails is said already.
            return null;
        }
    }
}
