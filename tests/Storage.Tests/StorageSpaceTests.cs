using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests;

/// <summary>A disk that gets full, and has room again.</summary>
public sealed class StorageSpaceTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly Clock _clock = new();
    private long _free = 10_000;
    private int _asked;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10_000, StorageSpaceState.Ok)]
    [InlineData(2_000, StorageSpaceState.Ok)]
    [InlineData(1_999, StorageSpaceState.Low)]
    [InlineData(1_000, StorageSpaceState.Low)]
    [InlineData(999, StorageSpaceState.Full)]
    [InlineData(0, StorageSpaceState.Full)]
    public void ItIsLowBelowTwiceWhatMustBeFree_AndFullBelowThat(long free, StorageSpaceState state)
    {
        _free = free;

        Assert.Equal(new StorageSpaceReading(_folder.Path, free, 50_000, state), Make().Read());
    }

    [Fact]
    public void ADiskThatFills_IsToldOnceEachWay()
    {
        var space = Make();
        foreach (var free in new long[] { 5_000, 1_500, 1_400, 900, 800, 5_000, 5_000 })
        {
            _free = free;
            _clock.Advance(TimeSpan.FromSeconds(2));
            space.Read();
            space.Read();
        }

        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Information], _log.Levels);
    }

    [Fact]
    public void TheSystem_IsAskedOnceASecond()
    {
        var space = Make();
        for (var i = 0; i < 20; i++)
        {
            space.Read();
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(2, _asked);
    }

    [Fact]
    public void ADiskThatDoesNotTell_IsTakenToHaveRoom()
    {
        var space = new StorageSpace(Folder, Least, _clock, _log, _ => throw new IOException("The device is not ready."));

        Assert.Equal(StorageSpaceState.Ok, space.Read().State);
    }

    [Fact]
    public void TheRealDisk_IsMeasured()
    {
        var (free, total) = StorageSpace.Measure(_folder.Path);

        Assert.InRange(free, 1, total);
    }

    [Fact]
    public async Task AFullDisk_RefusesSamples_BeforeAnythingIsWritten_ButNotWhatMakesRoom()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store, Make());
        await journal.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(10)]);
        _free = 500;
        _clock.Advance(TimeSpan.FromSeconds(2));
        var before = store.Committed;

        await Assert.ThrowsAsync<StorageFullException>(() => journal.AppendAsync(1, [], [JournalRows.At(20)]));
        Assert.Equal(before, store.Committed);
        Assert.Equal([10], await journal.TimesAsync(1));
        while (!await journal.DeleteAsync(1))
        {
        }

        _free = 5_000;
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await journal.AppendAsync(2, [new SeriesEntry(0, "a")], [JournalRows.At(30)]));
    }

    private IOptions<SqliteOptions> Folder => Options.Create(new SqliteOptions { Folder = _folder.Path });

    private static IOptions<StorageSpaceOptions> Least => Options.Create(new StorageSpaceOptions { MinFreeBytes = 1_000 });

    private StorageSpace Make() => new(Folder, Least, _clock, _log, path =>
    {
        Assert.Equal(_folder.Path, path);
        _asked++;
        return (_free, 50_000);
    });

    private sealed class Clock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Advance(TimeSpan by) => _now += by;
    }

    private sealed class LogLines : ILogger<StorageSpace>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);
    }
}
