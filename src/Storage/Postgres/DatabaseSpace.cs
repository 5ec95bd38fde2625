using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// Watches how large the database is, against how large it may get: PostgreSQL does not tell how much room its disk has, and a full one refuses everything, also what would make room.
/// It is asked when somebody wants to know, once a minute at most; nobody waits for the answer, so what is known may be that old.
/// </summary>
/// <remarks>
/// Rows that are deleted leave room that PostgreSQL uses again, but the files stay as long as they are. A database that has reached its limit is let go on by a higher limit, or by <c>vacuum full</c>
/// after less history was kept.
/// </remarks>
public sealed partial class DatabaseSpace(PostgresStore store, IOptions<PostgresOptions> options, TimeProvider time, ILogger<DatabaseSpace> logger) : IStorageSpace
{
    /// <summary>Of so many parts of the room the last one is scarce.</summary>
    private const int Parts = 10;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly long _most = options.Value.MaxDatabaseBytes;
    private readonly Lock _gate = new();
    private long _measuredAt;
    private volatile StorageSpaceReading _reading = Of(PostgresStore.NameOf(options.Value.ConnectionString), options.Value.MaxDatabaseBytes, 0);

    /// <summary>Ends when what is being measured is known.</summary>
    internal Task Measuring { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public StorageSpaceReading Read()
    {
        lock (_gate)
        {
            var isDue = _measuredAt == 0 || time.GetElapsedTime(_measuredAt) >= Age;
            if (!isDue || !Measuring.IsCompleted) return _reading;
            _measuredAt = Math.Max(1, time.GetTimestamp());
            Measuring = Task.Run(MeasureAsync);
        }

        return _reading;
    }

    private async Task MeasureAsync()
    {
        try
        {
            var size = await store.ReadAsync(
                async connection =>
                {
                    await using var command = new NpgsqlCommand("select pg_database_size(current_database())", connection);
                    return (long)(await command.ExecuteScalarAsync())!;
                },
                CancellationToken.None);
            var reading = Of(_reading.Path, _most, size);
            Tell(_reading.State, reading, size);
            _reading = reading;
        }
        catch (Exception exception) when (exception is StorageFailedException or ObjectDisposedException)
        {
            // That the database is away is said already, and the store of a server that ends is closed. What was known holds.
        }
    }

    private static StorageSpaceReading Of(string name, long most, long size)
    {
        var free = Math.Max(0, most - size);
        return new StorageSpaceReading(name, free, most, size >= most ? StorageSpaceState.Full : free < most / Parts ? StorageSpaceState.Low : StorageSpaceState.Ok);
    }

    private void Tell(StorageSpaceState before, StorageSpaceReading reading, long size)
    {
        const long Megabyte = 1_000_000;
        if (reading.State == before) return;
        if (reading.State == StorageSpaceState.Ok) Log.Enough(logger, reading.Path, size / Megabyte);
        else if (reading.State == StorageSpaceState.Full) Log.Full(logger, reading.Path, size / Megabyte, _most / Megabyte);
        else Log.Low(logger, reading.Path, size / Megabyte, _most / Megabyte);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database {Name} is nearly as large as it may get: {Size} MB of {Most} MB. Beyond that no reports are taken in.")]
        public static partial void Low(ILogger logger, string name, long size, long most);

        [LoggerMessage(LogLevel.Error, "The database {Name} is as large as it may get: {Size} MB, of {Most} MB. Reports are refused; agents keep theirs meanwhile. Raise --database-max-size, or keep less history and let PostgreSQL give back the room (vacuum full).")]
        public static partial void Full(ILogger logger, string name, long size, long most);

        [LoggerMessage(LogLevel.Information, "The database {Name} has room again: it has {Size} MB.")]
        public static partial void Enough(ILogger logger, string name, long size);
    }
}
