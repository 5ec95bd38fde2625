namespace StatusMonitor.Storage.Postgres;

/// <summary>Where the PostgreSQL store is and how much it may hold back.</summary>
public sealed class PostgresOptions
{
    /// <summary>How to reach it, as Npgsql takes it: <c>Host=...;Username=...;Database=...</c>. It may hold a password, so it is never shown.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The server's data folder. While PostgreSQL holds no state, a database of SQLite in it is one that somebody would miss, and nothing is opened. Default: none.
    /// </summary>
    public string? DataFolder { get; set; }

    /// <summary>
    /// Bytes that the database may have; beyond it no samples are stored. Less than its disk by what else is there, the write-ahead log included, and what comes in a minute. 0: whatever it gets. Default: 0.
    /// </summary>
    public long MaxDatabaseBytes { get; set; }

    /// <summary>
    /// Journal rows that may be held for the database, those being written included; beyond it writes are refused as busy, but for one when
    /// no other waits, however many rows it has. Default: 50,000.
    /// </summary>
    public int MaxWaitingRows { get; set; } = 50_000;

    /// <summary>Longest time a group waits until as many writes are there as the group before had; a write that comes alone does not wait. Default: 1 ms.</summary>
    public TimeSpan GroupDelay { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// What this server leads by, if it stands by for others or they for it (<see cref="Leadership"/>): each transaction that writes is refused once another has taken
    /// over. Default: none, and nothing is asked.
    /// </summary>
    public long? Epoch { get; set; }

    /// <summary>Queries that may run at once. Default: 8.</summary>
    public int MaxReaders { get; set; } = 8;

    /// <summary>
    /// Transitions of an account that may wait to be told of, and notifications that may wait to be sent. Beyond it new ones are refused as busy, and wait where they
    /// come from. Default: 100,000.
    /// </summary>
    public int MaxWaitingAlerts { get; set; } = 100_000;

    /// <summary>Whether the store is opened to move a data folder into it, which no server may use until that is complete.</summary>
    internal bool IsBeingFilled { get; init; }

    /// <summary>For how long a server has a part of the hosts to itself when it compacts; it renews that while it works. After a crash another waits as long. Default: 1 minute.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromMinutes(1);
}
