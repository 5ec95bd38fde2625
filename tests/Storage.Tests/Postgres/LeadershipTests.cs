using Microsoft.Extensions.Logging.Abstractions;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>Who of several servers is the active one.</summary>
[NeedsPostgres]
public sealed class LeadershipTests
{
    private readonly PostgresDatabase _database = new(nameof(LeadershipTests));

    [SuiteFact]
    public async Task TheFirst_Leads_AndTheNextWhenItHasLeft()
    {
        var first = Open("first");
        await first.WaitAsync(default).Soon("the first");
        Assert.True(first.IsCertain);
        Assert.Equal((1, "first"), (first.Epoch, first.Leader));
        await Until(() => _database.Count("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())") > 0, "it shows that it is there");
        Assert.Contains("has an active server, first, that others stand by for.", Assert.Throws<StorageFailedException>(() => _database.Open()).Message, StringComparison.Ordinal);

        await using var second = Open("second");
        var waiting = second.WaitAsync(default);
        await KnowsAsync(second, "first");
        Assert.False(second.IsCertain);
        Assert.False(waiting.IsCompleted);
        await first.DisposeAsync();

        await waiting.Soon("the second");
        Assert.Equal((2, "second"), (second.Epoch, second.Leader));
        Assert.False(first.Lost.IsCompleted);
    }

    [SuiteFact]
    public async Task OfManyThatWait_OneTakesOver_AndTheOthersGoOnWaiting()
    {
        var first = Open("first");
        await first.WaitAsync(default).Soon("the first");
        var others = Enumerable.Range(0, 5).Select(i => Open($"other {i}")).ToList();
        using var end = new CancellationTokenSource();
        var waiting = others.Select(other => other.WaitAsync(end.Token)).ToList();
        await first.DisposeAsync();

        var next = await Task.WhenAny(waiting).Soon("one of the others");
        await next;
        var leader = others[waiting.IndexOf(next)];
        foreach (var other in others) await KnowsAsync(other, leader.Name);
        Assert.Equal(1, waiting.Count(task => task.IsCompleted));
        await end.CancelAsync();
        foreach (var other in others) await other.DisposeAsync();
    }

    /// <summary>A leader is found out by its silence alone, as of a machine that is cut off: here its beats wait for somebody.</summary>
    [SuiteFact]
    public async Task ALeaderThatSaysNothing_IsReplaced_AndKnowsByItself()
    {
        await using var first = Open("first", options => options.Lease = TimeSpan.FromMilliseconds(500));
        await first.WaitAsync(default).Soon("the first");
        using (new HeldTable(_database, "leadership"))
        {
            Assert.StartsWith("the database has not answered for 0.5 s: ", await first.Lost.Soon("the end of its lease"), StringComparison.Ordinal);
        }

        Assert.False(first.IsCertain);

        await using var second = Open("second");
        await second.WaitAsync(default).Soon("the second");
        Assert.Equal(2, second.Epoch);
    }

    [SuiteFact]
    public async Task ALeaderThatWasReplaced_IsToldByWhom()
    {
        await using var first = Open("first");
        await first.WaitAsync(default).Soon("the first");

        _database.Execute("update statusmonitor.leadership set epoch = 2, leader = 'second'");

        Assert.Equal("second has taken over", await first.Lost.Soon("the news"));
        Assert.False(first.IsCertain);
    }

    /// <summary>A restart of the database that is over soon enough changes nothing.</summary>
    [SuiteFact]
    public async Task ABrokenConnection_IsReplaced_AndTheLeaderStays()
    {
        await using var first = Open("first", options => options.Lease = TimeSpan.FromMinutes(1));
        await first.WaitAsync(default).Soon("the first");
        await using var second = Open("second", options => (options.GoneAfter, options.SilentAfter) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        using var end = new CancellationTokenSource();
        var waiting = second.WaitAsync(end.Token);
        await KnowsAsync(second, "first");
        var beat = Beat();

        _database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        await Until(() => Beat() > beat + 1, "the leader goes on");
        Assert.True(first.IsCertain);
        Assert.Equal(1, first.Epoch);
        Assert.False(waiting.IsCompleted);
        await end.CancelAsync();
    }

    [Fact]
    public void SilenceAndAbsence_AreMeasuredByWhoeverWaits_AndOnlyWhileTheLeaderCouldBeSeen()
    {
        var time = new SteppedTime();
        var watch = new LeaderWatch(new LeadershipOptions(), time);
        var seen = new LeaderSeen(7, "other", 1, true);
        Assert.True(watch.IsOver(seen with { Leader = null }));

        Assert.False(watch.IsOver(seen));
        Assert.False(After(2.9, seen));
        Assert.False(After(0, seen with { Beat = 2 }));
        Assert.False(After(2.9, seen with { Beat = 2 }));
        Assert.True(After(0.1, seen with { Beat = 2 }));

        // An absence shorter than a second is a connection that is made anew.
        Assert.False(After(0, seen with { Beat = 3, IsConnected = false }));
        Assert.False(After(0.9, seen with { Beat = 4 }));
        Assert.False(After(0, seen with { Beat = 4, IsConnected = false }));
        Assert.False(After(0.9, seen with { Beat = 5, IsConnected = false }));
        Assert.True(After(0.1, seen with { Beat = 6, IsConnected = false }));

        // Somebody else was quicker, and has not shown its connection yet.
        Assert.False(After(0.1, seen with { Epoch = 8, Beat = 7, IsConnected = false }));
        Assert.False(After(0.9, seen with { Epoch = 8, Beat = 8, IsConnected = false }));
        Assert.True(After(0.1, seen with { Epoch = 8, Beat = 9, IsConnected = false }));

        watch.Forget();
        Assert.False(After(60, seen with { Epoch = 8, Beat = 9, IsConnected = false }));

        bool After(double seconds, LeaderSeen what)
        {
            time.Ticks += (long)(seconds * 10_000_000);
            return watch.IsOver(what);
        }
    }

    private Leadership Open(string name, Action<LeadershipOptions>? configure = null)
    {
        var options = new LeadershipOptions
        {
            Name = name,
            BeatInterval = TimeSpan.FromMilliseconds(50),
            LookInterval = TimeSpan.FromMilliseconds(20),
            SilentAfter = TimeSpan.FromSeconds(5),
            GoneAfter = TimeSpan.FromSeconds(5),
        };
        configure?.Invoke(options);
        return new Leadership(_database.ConnectionString, options, TimeProvider.System, NullLogger<Leadership>.Instance);
    }

    private long Beat() => _database.Count("select beat from statusmonitor.leadership");

    private static Task KnowsAsync(Leadership leadership, string leader) => Until(() => leadership.Leader == leader, $"{leadership.Name} knows that {leader} leads");

    private static async Task Until(Func<bool> isSo, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 6_000, $"This never came to be: {what}");
            await timer.WaitForNextTickAsync();
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => 10_000_000;

        public override long GetTimestamp() => Ticks;
    }
}
