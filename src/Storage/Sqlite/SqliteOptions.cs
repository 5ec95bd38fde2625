namespace StatusMonitor.Storage.Sqlite;

/// <summary>Where the embedded store lives and how much it may hold back.</summary>
public sealed class SqliteOptions
{
    /// <summary>Folder of the database; made if missing, for its owner alone. Only one server at a time may use it.</summary>
    public string Folder { get; set; } = "data";

    /// <summary>
    /// Journal rows that may be held for the disk, those being written included. More rides out a slower disk, at about 400 bytes each; beyond it
    /// writes are refused as busy, but for one when no other waits, however many rows it has. Default: 50,000.
    /// </summary>
    public int MaxWaitingRows { get; set; } = 50_000;

    /// <summary>
    /// Longest time a group waits until as many writes are there as the group before had. Longer makes fewer and larger transactions
    /// under load, and adds at most as much to an answer; a write that comes alone does not wait. Default: 1 ms.
    /// </summary>
    public TimeSpan GroupDelay { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Pages of 4 KiB in the write-ahead log before they are moved into the database. More merges more writes to the same
    /// page and makes each pause longer. Default: 8,000 (32 MiB).
    /// </summary>
    public int CheckpointPages { get; set; } = 8_000;

    /// <summary>
    /// Rows in the journal's log before they are sorted into the journal. More makes larger, cheaper moves and takes about 250 bytes
    /// of memory each, twice over while a move runs. Default: 32,768.
    /// </summary>
    public int LogRows { get; set; } = 32_768;

    /// <summary>Queries that may run at once. Default: 4.</summary>
    public int MaxReaders { get; set; } = 4;

    /// <summary>
    /// Transitions of an account that may wait to be told of, and notifications that may wait to be sent. Beyond it new ones are refused as busy, and wait where they
    /// come from. Default: 100,000.
    /// </summary>
    public int MaxWaitingAlerts { get; set; } = 100_000;

    internal string DatabasePath => Path.Combine(Folder, "statusmonitor.db");
}
