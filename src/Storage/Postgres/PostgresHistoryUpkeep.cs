using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The upkeep of the history in PostgreSQL. Of several servers each hour of a host is compacted by one: hosts are divided into parts, each with a lease.</summary>
public sealed partial class PostgresHistoryUpkeep(PostgresStore store, IOptions<HistoryOptions> options, ILogger<PostgresHistoryUpkeep> logger) : IHistoryUpkeep, IDisposable
{
    /// <summary>Rows dropped in one transaction, or hours and days, which have a few rows each: some milliseconds.</summary>
    private const int SweepRows = 500;

    private static readonly string[] Parts = [.. Enumerable.Range(0, HourCompaction.Parts).Select(HourCompaction.LeaseOf)];

    private readonly Leases _leases = new(store);
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public async Task<CompactionResult> CompactAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // The next one too, so that the first reports of an hour need not wait for it.
            var hour = JournalPartitions.HourOf(now.ToUnixTimeMilliseconds());
            await store.Partitions.EnsureAsync([hour, hour + 1]);
            var taken = await _leases.TakeAsync(Parts, cancellationToken);
            if (taken.Count == 0) return default;
            try
            {
                return await CompactAsync(taken, JournalPartitions.HourOf(now.ToUnixTimeMilliseconds() - (long)options.Value.CompactionDelay.TotalMilliseconds), cancellationToken);
            }
            finally
            {
                // Where that fails they run out.
                if (!cancellationToken.IsCancellationRequested) await _leases.ReleaseAsync(taken, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<int> SweepAsync(HistoryCutoffs cutoffs, CancellationToken cancellationToken)
    {
        // What is compressed goes by what it covers; what waits in the journal is compacted first, and goes the next time.
        return await SweepAsync("chunks", "hour", JournalPartitions.HourOf(cutoffs.SamplesBefore), cancellationToken)
            // Four hours go as soon as the first of their minutes may, and before those.
            + await SweepAsync("gauges", "four", FourHours.From(JournalPartitions.HourOf(cutoffs.MinutesBefore)), cancellationToken)
            + await SweepAsync("minutes", "hour", JournalPartitions.HourOf(cutoffs.MinutesBefore), cancellationToken)
            + await SweepAsync("days", "day", HourCompaction.DayOf(JournalPartitions.HourOf(cutoffs.QuarterHoursBefore)), cancellationToken)
            + await InSlicesAsync($"delete from statusmonitor.server_runs where ctid = any(array(select ctid from statusmonitor.server_runs where to_at < $1 limit {SweepRows}))", cutoffs.QuarterHoursBefore, cancellationToken);
    }

    /// <inheritdoc/>
    public Task NoteAliveAsync(DateTimeOffset now) => store.WriteAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(
                """
                with lengthened as (
                    update statusmonitor.server_runs set to_at = greatest(to_at, $1)
                    where from_at = (select max(from_at) from statusmonitor.server_runs) and to_at >= $1 - $2 returning 1)
                insert into statusmonitor.server_runs select $1, $1 where not exists (select 1 from lengthened) on conflict (from_at) do nothing
                """,
                connection)
            {
                Parameters = { new() { Value = now.ToUnixTimeMilliseconds() }, new() { Value = (long)options.Value.AwayAfter.TotalMilliseconds } },
            };
            return await command.ExecuteNonQueryAsync();
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task<HistorySize> MeasureAsync(CancellationToken cancellationToken) => store.ReadAsync(
        async connection =>
        {
            // A table that is empty has pages nevertheless, to be used again. Counting an hour of a large fleet takes a second, so there it is what PostgreSQL notes by itself; in the default partition there is little.
            await using var command = new NpgsqlCommand(
                """
                select
                    (select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits where inhparent = 'statusmonitor.journal'::regclass)::bigint
                        + pg_total_relation_size('statusmonitor.compacted'),
                    case when exists (select 1 from statusmonitor.chunks) then pg_total_relation_size('statusmonitor.chunks') else 0 end,
                    case when exists (select 1 from statusmonitor.minutes) then pg_total_relation_size('statusmonitor.minutes') else 0 end
                        + case when exists (select 1 from statusmonitor.gauges) then pg_total_relation_size('statusmonitor.gauges') else 0 end,
                    case when exists (select 1 from statusmonitor.days) then pg_total_relation_size('statusmonitor.days') else 0 end,
                    pg_total_relation_size('statusmonitor.catalogue') + pg_total_relation_size('statusmonitor.host_times') + pg_total_relation_size('statusmonitor.server_runs'),
                    (select count(*) from only statusmonitor.journal_default)
                        + (select coalesce(sum(s.n_live_tup), 0) from pg_inherits i join pg_stat_user_tables s on s.relid = i.inhrelid
                            where i.inhparent = 'statusmonitor.journal'::regclass and s.relname <> 'journal_default')::bigint
                """,
                connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (journal, samples, minutes, quarterHours, rest) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
            return new HistorySize(journal + samples + minutes + quarterHours + rest, journal, samples, minutes, quarterHours, reader.GetInt64(5));
        },
        cancellationToken);

    public void Dispose() => _turn.Dispose();

    /// <summary>Compacts what is before an hour: first the partitions, each of which then goes, then what lies in the default one.</summary>
    private async Task<CompactionResult> CompactAsync(HashSet<string> taken, long before, CancellationToken cancellationToken)
    {
        var compaction = new HourCompaction(store, _leases);
        var result = default(CompactionResult);
        foreach (var hour in await store.ReadAsync(connection => JournalPartitions.ListAsync(connection, cancellationToken), cancellationToken))
        {
            if (hour >= before) break;
            await CompactAllAsync(await store.ReadAsync(connection => HourCompaction.FindInPartitionAsync(connection, hour, cancellationToken), cancellationToken));
            await OnConnectionAsync(connection => TryDropAsync(connection, hour, cancellationToken));
        }

        var late = await store.ReadAsync(connection => HourCompaction.FindInDefaultAsync(connection, before, cancellationToken), cancellationToken);
        await CompactAllAsync(late);
        if (late.Count > 0) await OnConnectionAsync(connection => store.Partitions.TryClearDefaultAsync(connection, cancellationToken));
        return result;

        async Task CompactAllAsync(List<(long HostId, long Hour)> due)
        {
            foreach (var (hostId, hour) in due)
            {
                await _leases.RenewAsync(taken, cancellationToken);
                if (!taken.Contains(HourCompaction.LeaseOf(hostId))) continue;
                var done = await CompactAsync(compaction, hostId, hour, cancellationToken);
                result = new CompactionResult(result.Hours + done.Hours, result.Samples + done.Samples, result.Values + done.Values);
            }
        }
    }

    private async Task<CompactionResult> CompactAsync(HourCompaction compaction, long hostId, long hour, CancellationToken cancellationToken)
    {
        try
        {
            return await compaction.CompactAsync(hostId, hour, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            // Its rows stay where they are; the other hosts must not wait for somebody to look.
            Log.Damaged(logger, hostId, DateTimeOffset.FromUnixTimeMilliseconds(hour * JournalPartitions.Hour), exception.Message);
            return default;
        }
    }

    private async Task TryDropAsync(NpgsqlConnection connection, long hour, CancellationToken cancellationToken)
    {
        if (!await store.Partitions.TryDropAsync(connection, hour, cancellationToken)) return;

        // Each host's row of its day, and one more, was just written anew. The room of the old ones is for the next hour, however late PostgreSQL would come by itself.
        await using var vacuum = new NpgsqlCommand("vacuum (skip_locked) statusmonitor.days, statusmonitor.host_times, statusmonitor.compacted", connection) { CommandTimeout = 0 };
        await vacuum.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task OnConnectionAsync(Func<NpgsqlConnection, Task> act)
    {
        try
        {
            await using var connection = await store.OpenAsync();
            await act(connection);
        }
        catch (Exception exception) when (PostgresStore.IsOfDatabase(exception))
        {
            throw PostgresStore.NotWritten(exception);
        }
    }

    /// <summary>With all its pieces or not at all: half of an hour could not be read.</summary>
    private Task<int> SweepAsync(string table, string when, long before, CancellationToken cancellationToken) => InSlicesAsync(
        $"""
        delete from statusmonitor.{table} t using (select host_id, {when} from statusmonitor.{table} where {when} < $1 and piece = 0 limit {SweepRows}) s
        where t.host_id = s.host_id and t.{when} = s.{when}
        """,
        before,
        cancellationToken);

    private async Task<int> InSlicesAsync(string sql, long before, CancellationToken cancellationToken)
    {
        for (var changed = 0; ;)
        {
            var count = await store.WriteAsync(
                async connection =>
                {
                    await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = before } } };
                    return await command.ExecuteNonQueryAsync(cancellationToken);
                },
                cancellationToken);
            changed += count;
            if (count < SweepRows) return changed;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What is stored of host {HostId} for the hour {Hour:u} is damaged and was not compacted: {Reason}")]
        public static partial void Damaged(ILogger logger, long hostId, DateTimeOffset hour, string reason);
    }
}
