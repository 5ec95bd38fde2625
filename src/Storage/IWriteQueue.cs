namespace StatusMonitor.Storage;

/// <summary>The line in which rows of the journal wait for the disk, for those who watch it.</summary>
public interface IWriteQueue
{
    /// <summary>What waits or is being written, in journal rows.</summary>
    int Waiting { get; }

    /// <summary>Beyond so much writes are refused as busy.</summary>
    int Bound { get; }

    /// <summary>Journal rows that were new and are on disk, since the start.</summary>
    long Written { get; }
}
