using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Benchmarks;

/// <summary>A store of its own for the time of a benchmark.</summary>
internal abstract class BenchmarkStore : IDisposable
{
    public abstract string Name { get; }

    public abstract ISampleJournal Journal { get; }

    public abstract IHistory History { get; }

    public abstract IHistoryUpkeep Upkeep { get; }

    /// <summary>How to open each store that can be had here.</summary>
    public static IEnumerable<(string Name, Func<BenchmarkStore> Open)> All =>
        PostgresCluster.Missing is null ? [("sqlite", () => new SqliteBenchmarkStore()), ("postgresql", () => new PostgresBenchmarkStore())] : [("sqlite", () => new SqliteBenchmarkStore())];

    /// <summary>The store of a server's data folder, while that does not run.</summary>
    public static BenchmarkStore OfFolder(string folder) => new SqliteBenchmarkStore(folder);

    /// <summary>CPU time that the database has taken in processes of its own.</summary>
    public virtual TimeSpan CpuElsewhere => TimeSpan.Zero;

    /// <summary>Tells the store what time it is.</summary>
    public virtual void SetTime(long now)
    {
    }

    /// <summary>Brings everything to where it stays; gives its bytes, and how many of them are of no use at the moment.</summary>
    public abstract (long Bytes, long Unused) Checkpoint();

    /// <summary>What takes the room, a line each.</summary>
    public virtual IEnumerable<string> Details() => [];

    /// <summary>Bytes in use if there were no rollups. There may be none afterwards.</summary>
    public abstract long UsedWithoutRollups();

    public abstract void Dispose();

    private sealed class SqliteBenchmarkStore : BenchmarkStore
    {
        private readonly string _folder;
        private readonly bool _isOwner;
        private readonly SqliteStore _store;
        private readonly SqliteHistoryUpkeep _upkeep;

        public SqliteBenchmarkStore() : this(Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName) => _isOwner = true;

        public SqliteBenchmarkStore(string folder)
        {
            _folder = folder;

            // More than wait in a server, because the benchmark waits for a whole tick of all hosts.
            _store = new SqliteStore(Options.Create(new SqliteOptions { Folder = _folder, MaxWaitingRows = 1_000_000 }), NullLogger<SqliteStore>.Instance);
            var journal = new SqliteSampleJournal(_store);
            Journal = journal;
            History = new SqliteHistory(_store, journal);
            _upkeep = new SqliteHistoryUpkeep(_store, journal, Options.Create(new HistoryOptions()), NullLogger<SqliteHistoryUpkeep>.Instance);
        }

        public override string Name => "sqlite";

        public override ISampleJournal Journal { get; }

        public override IHistory History { get; }

        public override IHistoryUpkeep Upkeep => _upkeep;

        private string DatabasePath => Path.Combine(_folder, "statusmonitor.db");

        public override (long Bytes, long Unused) Checkpoint()
        {
            Query(DatabasePath, "pragma wal_checkpoint(truncate)");
            return (new FileInfo(DatabasePath).Length, Query(DatabasePath, "pragma freelist_count") * Query(DatabasePath, "pragma page_size"));
        }

        public override long UsedWithoutRollups()
        {
            var copy = Path.Combine(_folder, "copy.db");
            File.Copy(DatabasePath, copy);
            Query(copy, "update chunks set minutes = null");
            Query(copy, "delete from days");
            Query(copy, "vacuum");
            return (Query(copy, "pragma page_count") - Query(copy, "pragma freelist_count")) * Query(copy, "pragma page_size");
        }

        public override void Dispose()
        {
            _store.Dispose();
            _upkeep.Dispose();
            if (_isOwner) Directory.Delete(_folder, recursive: true);
        }

        private static long Query(string path, string sql)
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar() as long? ?? 0;
        }
    }
}
