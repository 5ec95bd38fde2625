using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// The hours that the journal is divided by. A row finds its partition by itself; what has none goes to the default partition, where it is as safe and as
/// visible but is not gone with a drop. So a partition that could not be made, or that another server dropped, does no harm.
/// </summary>
internal sealed partial class JournalPartitions(PostgresStore store, ILogger logger)
{
    /// <summary>Milliseconds of an hour.</summary>
    public const long Hour = 3_600_000;

    /// <summary>Hours back from now that get a partition: what agents send after a night without the server.</summary>
    private const int HoursBack = 24;

    /// <summary>Longest wait for a lock. It is on the journal as a whole, and everybody else waits behind it; shorter than the second after which PostgreSQL looks for deadlocks and may choose a writer to fail.</summary>
    private const string LockTimeout = "set local lock_timeout = '500ms'";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, bool> _known = new();
    private long _notBefore = long.MinValue;

    /// <summary>The hour a time is in, counted from 1970.</summary>
    public static long HourOf(long at) => Math.DivRem(at, Hour) is var (hour, rest) && rest < 0 ? hour - 1 : at / Hour;

    /// <summary>Makes the partitions of these hours, as far as they are near now. Whatever goes wrong is tried again later.</summary>
    public async Task EnsureAsync(IEnumerable<long> hours)
    {
        var now = HourOf(store.Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var hour in hours)
        {
            if (hour < now - HoursBack || hour > now + 1 || _known.ContainsKey(hour)) continue;
            if (store.Time.GetTimestamp() < Volatile.Read(ref _notBefore)) return;
            try
            {
                await MakeAsync(hour);
                foreach (var old in _known.Keys.Where(old => old < now - HoursBack)) _known.TryRemove(old, out _);
                _known[hour] = true;
            }
            catch (Exception exception) when (PostgresStore.IsOfDatabase(exception))
            {
                Volatile.Write(ref _notBefore, store.Time.GetTimestamp() + (long)(RetryAfter.TotalSeconds * store.Time.TimestampFrequency));
                Log.NotMade(logger, Name(hour), exception.Message);
                return;
            }
        }
    }

    /// <summary>The hours that have a partition, ascending.</summary>
    public static async Task<List<long>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'statusmonitor.journal'::regclass", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hours = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (HourOfName(reader.GetString(0)) is { } hour) hours.Add(hour);
        }

        hours.Sort();
        return hours;
    }

    /// <summary>The table of an hour, as it stands in SQL.</summary>
    public static string Table(long hour) => $"statusmonitor.{Name(hour)}";

    /// <summary>Drops an hour's partition if all of it is in chunks. False if something came in since; then it stays as it is.</summary>
    public async Task<bool> TryDropAsync(NpgsqlConnection connection, long hour, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginWriteAsync(connection, cancellationToken);
        try
        {
            // The partition alone first, so that only late rows wait while it is counted.
            await using (var count = new NpgsqlCommand(
                $"""
                {LockTimeout};
                lock table only {Table(hour)} in share mode;
                select (select count(*) from {Table(hour)}) = (select coalesce(sum(rows), 0) from statusmonitor.compacted where hour = {hour})
                """,
                connection))
            {
                if (await count.ExecuteScalarAsync(cancellationToken) is not true) return false;
            }

            await using var drop = new NpgsqlCommand($"drop table {Table(hour)}; delete from statusmonitor.compacted where hour = {hour}", connection);
            await drop.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable)
        {
            // Somebody reads it, writes to it or has dropped it.
            return false;
        }

        _known.TryRemove(hour, out _);
        return true;
    }

    /// <summary>Gives the room of the default partition back if it is empty; otherwise it is used again.</summary>
    public async Task TryClearDefaultAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await store.BeginWriteAsync(connection, cancellationToken);
        try
        {
            await using var look = new NpgsqlCommand(
                $"{LockTimeout}; lock table only statusmonitor.journal_default in access exclusive mode; select exists (select 1 from only statusmonitor.journal_default)", connection);
            if (await look.ExecuteScalarAsync(cancellationToken) is true) return;
            await using var clear = new NpgsqlCommand("truncate only statusmonitor.journal_default", connection);
            await clear.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            // Somebody reads it or writes to it.
        }
    }

    private async Task MakeAsync(long hour)
    {
        var (name, table) = (Name(hour), Table(hour));
        var (from, to) = (hour * Hour, (hour + 1) * Hour);
        await using var connection = await store.OpenAsync();
        await using var transaction = await store.BeginWriteAsync(connection);
        await using (var exists = new NpgsqlCommand($"{LockTimeout}; select pg_advisory_xact_lock({AdvisoryLocks.Partitions}); select to_regclass('{table}') is not null", connection))
        {
            await using var reader = await exists.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            if (reader.GetBoolean(0)) return;
        }

        // Attached rather than made in place, which locks out everybody who reads or writes the journal. Rows of the hour that are in the default
        // partition already, of a host whose clock is ahead, come along.
        await using var make = new NpgsqlCommand(
            $"""
            create table {table} (like statusmonitor.journal including defaults including indexes);
            lock table only statusmonitor.journal_default in access exclusive mode;
            with moved as (delete from only statusmonitor.journal_default where at >= {from} and at < {to} returning *) insert into {table} select * from moved;
            alter table statusmonitor.journal attach partition {table} for values from ({from}) to ({to});
            """,
            connection);
        await make.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        Log.Made(logger, name);
    }

    // By date, so that a person sees what it is.
    private static string Name(long hour) => string.Create(CultureInfo.InvariantCulture, $"journal_{DateTimeOffset.FromUnixTimeMilliseconds(hour * Hour):yyyyMMddHH}");

    private static long? HourOfName(string name) =>
        DateTimeOffset.TryParseExact(name, "'journal_'yyyyMMddHH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? HourOf(at.ToUnixTimeMilliseconds()) : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The journal has a partition {Name} now.")]
        public static partial void Made(ILogger logger, string name);

        [LoggerMessage(LogLevel.Warning, "The journal's partition {Name} could not be made, so its rows go to the default one for now: {Reason}")]
        public static partial void NotMade(ILogger logger, string name, string reason);
    }
}
