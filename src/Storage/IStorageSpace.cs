namespace StatusMonitor.Storage;

/// <summary>Whether there is room on the disk.</summary>
public enum StorageSpaceState
{
    /// <summary>There is.</summary>
    Ok,

    /// <summary>Less than twice what must stay free; of a database, less than a tenth. Everything is still stored.</summary>
    Low,

    /// <summary>Less than what must stay free; of a database, nothing. No samples are stored.</summary>
    Full,
}

/// <summary>The room on a disk, or for a database, bytes.</summary>
/// <param name="Path">The folder it was asked for, or the name of the database.</param>
/// <param name="FreeBytes">What may still be filled.</param>
/// <param name="TotalBytes">Its size, or that which the database may get.</param>
/// <param name="State">Whether that is enough.</param>
public sealed record StorageSpaceReading(string Path, long FreeBytes, long TotalBytes, StorageSpaceState State);

/// <summary>Watches the room on the disk of the data folder, or for the database in PostgreSQL.</summary>
public interface IStorageSpace
{
    /// <summary>The room as it was at most a second ago; that for a database a minute.</summary>
    StorageSpaceReading Read();
}
