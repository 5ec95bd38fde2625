using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>A database that may not get larger than it is.</summary>
[NeedsPostgres]
public sealed class DatabaseSpaceTests : IAsyncDisposable
{
    private readonly PostgresDatabase _database = new(nameof(DatabaseSpaceTests));
    private readonly PostgresStore _store;
    private readonly Clock _clock = new();

    public DatabaseSpaceTests() => _store = _database.Open();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    private long Size => _database.Count("select pg_database_size(current_database())");

    [SuiteFact]
    public async Task ItIsLowInTheLastTenthOfWhatMayBe_AndFullBeyondThat()
    {
        var size = Size;
        foreach (var (most, state) in new[] { (size * 2, StorageSpaceState.Ok), (size + size / 12, StorageSpaceState.Low), (size / 2, StorageSpaceState.Full) })
        {
            var reading = await MeasuredAsync(Make(most));

            Assert.Equal(state, reading.State);
            Assert.Equal(most, reading.TotalBytes);
            // PostgreSQL may have added a page of its own meanwhile.
            Assert.InRange(reading.FreeBytes, Math.Max(0, most - 2 * size), Math.Max(0, most - size / 2));
            Assert.StartsWith(nameof(DatabaseSpaceTests).ToLowerInvariant() + " on ", reading.Path, StringComparison.Ordinal);
        }
    }

    [SuiteFact]
    public async Task ItIsMeasuredOnceAMinute()
    {
        var space = Make(10_000_000_000);
        var before = (await MeasuredAsync(space)).FreeBytes;
        _database.Execute("create table more as select repeat('x', 1000) from generate_series(1, 5000)");

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(before, (await MeasuredAsync(space)).FreeBytes);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await MeasuredAsync(space)).FreeBytes < before);
    }

    [SuiteFact]
    public async Task ADatabaseThatMayNotGetLarger_RefusesSamples_ButNotWhatMakesRoom()
    {
        var options = new PostgresOptions { ConnectionString = _database.ConnectionString, MaxDatabaseBytes = 10_000_000_000 };
        await using (var before = new PostgresSampleJournal(_store, Make(options.MaxDatabaseBytes))) await before.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(10)]);
        var space = Make(1_000);
        await MeasuredAsync(space);
        await using var journal = new PostgresSampleJournal(_store, space);

        await Assert.ThrowsAsync<StorageFullException>(() => journal.AppendAsync(1, [], [JournalRows.At(20)]));
        Assert.Equal([10], await journal.TimesAsync(1));
        while (!await journal.DeleteAsync(1))
        {
        }

        Assert.Empty(await journal.TimesAsync(1));
    }

    [SuiteFact]
    public async Task ADatabaseThatIsAway_IsAsLargeAsItWas()
    {
        var space = Make(1_000);
        Assert.Equal(StorageSpaceState.Ok, space.Read().State);
        await space.Measuring.Soon("the size");
        await _store.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(StorageSpaceState.Full, (await MeasuredAsync(space)).State);
    }

    private DatabaseSpace Make(long most) =>
        new(_store, Options.Create(new PostgresOptions { ConnectionString = _database.ConnectionString, MaxDatabaseBytes = most }), _clock, NullLogger<DatabaseSpace>.Instance);

    private static async Task<StorageSpaceReading> MeasuredAsync(DatabaseSpace space)
    {
        space.Read();
        await space.Measuring.Soon("the size");
        return space.Read();
    }

    private sealed class Clock : TimeProvider
    {
        private TimeSpan _now = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Advance(TimeSpan by) => _now += by;
    }
}
