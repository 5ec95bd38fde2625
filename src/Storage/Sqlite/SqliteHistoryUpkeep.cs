using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Keeps the history in SQLite: compaction, retention, and when the server was there.</summary>
/// <remarks>
/// Compaction reads and encodes beside the writing thread; what it writes takes a few milliseconds a transaction. One thing at a time is done here, and beside it only a host's deletion
/// takes chunks away: so a compacted hour may be written if the chunks it was made of are all still there, and a deleted host does not come back.
/// </remarks>
public sealed partial class SqliteHistoryUpkeep(SqliteStore store, SqliteSampleJournal journal, IOptions<HistoryOptions> options, ILogger<SqliteHistoryUpkeep> logger)
    : IHistoryUpkeep, IDisposable
{
    /// <summary>Rows changed or dropped in one transaction.</summary>
    private const int SweepRows = 250;

    private readonly SqliteChunks _chunks = new(store);
    private readonly SqliteCompaction _compaction = new(store);
    private readonly SemaphoreSlim _turn = new(1);

    // Hours that could not be read. They are told once and passed over until the next start.
    private readonly HashSet<(long HostId, long Hour)> _damaged = [];
    private readonly SqliteStatement _countFree = new("select freelist_count from pragma_freelist_count");
    private readonly SqliteStatement _countPages = new("select page_count from pragma_page_count");
    private readonly SqliteStatement _giveBack = new("pragma incremental_vacuum(250)");
    private readonly SqliteStatement _findRun = new("select max(to_at) from server_runs where from_at = (select max(from_at) from server_runs)");
    private readonly SqliteStatement _beginRun = new("insert into server_runs values (?1, ?1) on conflict (from_at) do nothing");
    private readonly SqliteStatement _lengthenRun = new("update server_runs set to_at = ?1 where from_at = (select max(from_at) from server_runs)");

    // A host's newest chunk stays, emptied: it alone knows how and when the host was last heard.
    private readonly SweepStep[] _steps =
    [
        new(
            "select coalesce(sum(length(samples)), 0), 0, 0 from chunks where id in ({0})",
            "update chunks set samples = null where id in ({0})",
            "select id from chunks indexed by chunks_with_samples where part = 0 and samples is not null and hour < ?1 limit ?2"),
        new(
            "select 0, coalesce(sum(length(data)), 0), 0 from gauges where id in ({0})",
            "delete from gauges where id in ({0})",
            "select id from gauges where four < ?1 limit ?2"),
        new(
            "select coalesce(sum(length(samples)), 0), coalesce(sum(length(minutes)), 0), 0 from chunks where id in ({0})",
            "delete from chunks where id in ({0})",
            """
            select id from chunks as old indexed by chunks_with_minutes where minutes is not null and hour < ?1
                and exists (select 1 from chunks as newer where newer.host_id = old.host_id and newer.hour > old.hour) limit ?2
            """),
        new(
            "select coalesce(sum(length(samples)), 0), coalesce(sum(length(minutes)), 0), 0 from chunks where id in ({0})",
            "update chunks set minutes = null, samples = null where id in ({0})",
            "select id from chunks indexed by chunks_with_minutes where minutes is not null and hour < ?1 limit ?2"),
        new(
            "select 0, 0, coalesce(sum(length(data)), 0) from days where id in ({0})",
            "delete from days where id in ({0})",
            "select id from days where day < ?1 limit ?2"),
        new(
            null,
            "delete from server_runs where from_at in ({0})",
            "select from_at from server_runs where to_at < ?1 and from_at < (select max(from_at) from server_runs) limit ?2"),
    ];

    /// <inheritdoc/>
    public async Task<CompactionResult> CompactAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var before = Hours.Of((now - options.Value.CompactionDelay).ToUnixTimeMilliseconds());
            await journal.MoveBeforeAsync(Hours.Begin(before), cancellationToken);
            var result = default(CompactionResult);
            while (await store.ReadAsync(connection => SqliteCompaction.ReadWaiting(connection, before, _damaged), cancellationToken) is { Count: > 0 } waiting)
            {
                var hosts = await Task.Run(() => CompactedHost.Of(waiting, Damaged), cancellationToken);
                var done = await _compaction.WriteAsync(hosts);
                result = new CompactionResult(result.Hours + done.Hours, result.Samples + done.Samples, result.Values + done.Values);
            }

            if (result.Hours > 0) await GiveBackAsync(cancellationToken);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<int> SweepAsync(HistoryCutoffs cutoffs, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Four hours go as soon as the first of their minutes may, and before those.
            var minutes = Hours.Of(cutoffs.MinutesBefore);
            long[] before = [Hours.Of(cutoffs.SamplesBefore), FourHours.From(minutes), minutes, minutes, Hours.DayOf(Hours.Of(cutoffs.QuarterHoursBefore)), cutoffs.QuarterHoursBefore];
            var changed = 0;
            for (var i = 0; i < _steps.Length; i++)
            {
                int some;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var sweep = new Sweep(_steps[i], _chunks, before[i]);
                    store.Enqueue(sweep);
                    changed += some = await sweep.Completion;
                }
                while (some == SweepRows);
            }

            await GiveBackAsync(cancellationToken);
            return changed;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task NoteAliveAsync(DateTimeOffset now)
    {
        var note = new NoteAlive(this, now.ToUnixTimeMilliseconds(), (long)options.Value.AwayAfter.TotalMilliseconds);
        store.Enqueue(note);
        return note.Completion;
    }

    /// <inheritdoc/>
    public async Task<HistorySize> MeasureAsync(CancellationToken cancellationToken)
    {
        // What a row of a log takes beside its values.
        const int RowBytes = 40;
        var sizes = (await store.ReadAsync(
            connection => connection.Rows(
                "select pieces, piece_bytes, sample_bytes, minute_bytes, quarter_bytes from history_size",
                [],
                row => new HistorySizes(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))),
            cancellationToken))[0];
        var (rows, bytes) = journal.Logged;
        var database = store.Options.DatabasePath;
        var total = new[] { database, $"{database}-wal" }.Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);
        return new HistorySize(total, sizes.PieceBytes + bytes + (long)rows * RowBytes, sizes.SampleBytes, sizes.MinuteBytes, sizes.QuarterBytes, sizes.Pieces);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Gives free pages back to the system, some at a time, until few are left.</summary>
    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        bool isDone;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var give = new GiveBack(this);
            store.Enqueue(give);
            isDone = await give.Completion;
        }
        while (!isDone);
    }

    private void Damaged(WaitingHour hour)
    {
        _damaged.Add((hour.HostId, hour.Hour));
        Log.Damaged(logger, hour.HostId, DateTimeOffset.FromUnixTimeMilliseconds(Hours.Begin(hour.Hour)));
    }

    /// <summary>What is kept no longer of one kind, some at a time.</summary>
    private sealed class SweepStep(string? size, string drop, string choice)
    {
        public SqliteStatement? Size { get; } = size is null ? null : new(size.Replace("{0}", choice, StringComparison.Ordinal));

        public SqliteStatement Drop { get; } = new(drop.Replace("{0}", choice, StringComparison.Ordinal));
    }

    private sealed class Sweep(SweepStep step, SqliteChunks chunks, long before) : SqliteWrite<int>
    {
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            var gone = default(HistorySizes);
            step.Size?.Bind(store, 1, before).Bind(store, 2, SweepRows).Each(store, row => gone = new HistorySizes(0, 0, row.Number(0), row.Number(1), row.Number(2)));
            Result = step.Drop.Bind(store, 1, before).Bind(store, 2, SweepRows).Run(store);
            chunks.Add(default(HistorySizes) - gone);
        }
    }

    /// <summary>True once no more is to be given back: the logs soon need a part of it again, and a database made by an earlier version cannot.</summary>
    private sealed class GiveBack(SqliteHistoryUpkeep upkeep) : SqliteWrite<bool>
    {
        private const int FreePart = 20;

        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            var free = upkeep._countFree.First(store)!.Value;
            Result = free <= upkeep._countPages.First(store)!.Value / FreePart;
            if (Result) return;
            upkeep._giveBack.Each(store, static _ => { });
            Result = upkeep._countFree.First(store) == free;
        }
    }

    private sealed class NoteAlive(SqliteHistoryUpkeep upkeep, long now, long awayAfter) : SqliteWrite<bool>
    {
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            // A clock that was set back notes nothing until it comes by again.
            if (upkeep._findRun.First(store) is not { } last || now - last > awayAfter) upkeep._beginRun.Bind(store, 1, now).Run(store);
            else if (now > last) upkeep._lengthenRun.Bind(store, 1, now).Run(store);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What is stored of host {HostId} for the hour of {At:u} is damaged; it is left as it is.")]
        public static partial void Damaged(ILogger logger, long hostId, DateTimeOffset at);
    }
}
