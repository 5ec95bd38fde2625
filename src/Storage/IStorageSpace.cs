namespace StatusMonitor.Storage;

/// <summary>Whether there is room on the disk.</summary>
public enum StorageSpaceState
{
    /// <summary>There is.</summary>
    Ok,

    /// <summary>Less than twice what must stay free. Everything is still stored.</summary>
    Low,

    /// <summary>Less than what must stay free. No samples are stored.</summary>
    Full,
}

/// <summary>The room on a disk, bytes.</summary>
/// <param name="Path">The folder it was asked for.</param>
/// <param name="FreeBytes">What may still be filled.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="State">Whether that is enough.</param>
public sealed record StorageSpaceReading(string Path, long FreeBytes, long TotalBytes, StorageSpaceState State);

/// <summary>Watches the room on the disk of the data folder.</summary>
public interface IStorageSpace
{
    /// <summary>The room as it was at most a second ago.</summary>
    StorageSpaceReading Read();
}
