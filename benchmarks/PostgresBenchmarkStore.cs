using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Benchmarks;

/// <summary>A PostgreSQL of its own, as it comes.</summary>
internal sealed class PostgresBenchmarkStore : BenchmarkStore
{
    private readonly PostgresCluster _cluster;
    private readonly bool _isOwner;
    private readonly string _database;
    private readonly Clock _clock = new();
    private readonly PostgresStore _store;
    private readonly PostgresSampleJournal _journal;
    private readonly PostgresHistoryUpkeep _upkeep;

    public PostgresBenchmarkStore() : this(new PostgresCluster()) => _isOwner = true;

    /// <summary>The database of a server that does not run at the moment, or a new one.</summary>
    public PostgresBenchmarkStore(PostgresCluster cluster, string? database = null)
    {
        _cluster = cluster;
        _database = database ?? cluster.EmptyDatabase("benchmark");
        _store = new PostgresStore(Options.Create(new PostgresOptions { ConnectionString = _database, MaxWaitingRows = 1_000_000 }), _clock, NullLogger<PostgresStore>.Instance);
        _journal = new PostgresSampleJournal(_store);
        History = new PostgresHistory(_store);
        _upkeep = new PostgresHistoryUpkeep(_store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);
    }

    public override string Name => "postgresql";

    public override ISampleJournal Journal => _journal;

    public override IHistory History { get; }

    public override IHistoryUpkeep Upkeep => _upkeep;

    public override TimeSpan CpuElsewhere => _cluster.CpuTime();

    // Which hours of the journal get a partition depends on it.
    public override void SetTime(long now) => _clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(now);

    public override (long Bytes, long Unused) Checkpoint()
    {
        var before = Size();
        PostgresCluster.Execute(_database, "vacuum (full, analyze)");
        return (before, before - Size());
    }

    public override long UsedWithoutRollups()
    {
        PostgresCluster.Execute(_database, "truncate statusmonitor.minutes, statusmonitor.days");
        return Size();
    }

    public override IEnumerable<string> Details()
    {
        // Pieces of large values are in a table of their own, which counts as its owner's.
        const string Sizes = """
            select string_agg(format('%s: rows %s, pieces %s, indexes %s', c.relname, pg_relation_size(c.oid), coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0),
                pg_indexes_size(c.oid) + coalesce(pg_indexes_size(nullif(c.reltoastrelid, 0)), 0)), E'\n' order by c.relname)
            from pg_class c where c.relnamespace = 'statusmonitor'::regnamespace and c.relkind = 'r' and pg_relation_size(c.oid) > 0
            """;
        return ((string)PostgresCluster.Execute(_database, Sizes)!).Split('\n');
    }

    public override void Dispose()
    {
        _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _upkeep.Dispose();
        _store.Dispose();
        if (_isOwner) _cluster.Dispose();
    }

    /// <summary>Of all tables of ours with their indexes; what PostgreSQL needs for itself is the same for every database.</summary>
    private long Size() => Convert.ToInt64(
        PostgresCluster.Execute(_database, "select sum(pg_total_relation_size(c.oid)) from pg_class c where c.relnamespace = 'statusmonitor'::regnamespace and c.relkind = 'r'"),
        System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
