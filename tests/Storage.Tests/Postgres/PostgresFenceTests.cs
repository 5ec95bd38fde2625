using System.Globalization;
using Npgsql;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.State;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>After a takeover the earlier leader writes nothing more, whatever it is in the middle of.</summary>
[NeedsPostgres]
public sealed class PostgresFenceTests
{
    private static readonly GrainId Grain = GrainId.Create("host", "1");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly PostgresDatabase _database = new(nameof(PostgresFenceTests));

    [SuiteFact]
    public async Task AfterATakeover_NothingOfTheEarlierLeaderIsWritten()
    {
        await using var old = _database.Open(options => options.Epoch = 1, new FixedTime(After(Start)));
        Assert.Equal(1, await TakeOverAsync(0));
        await using var writes = new EveryWrite(old, new GrainState<GrainStorageSuite.Note>(new GrainStorageSuite.Note()));
        await writes.PrepareAsync();
        Assert.Equal(2, await TakeOverAsync(1));

        var before = Everything();
        foreach (var (name, write) in writes.All)
        {
            var exception = await Record.ExceptionAsync(() => write().Soon(name));
            Assert.True(exception is FencedOffException or PostgresException { SqlState: "SM001" }, $"{name}: {exception}");
            Assert.Equal(before, Everything());
        }

        // The same is possible for the one that took over, so it was the fence that refused it.
        await using var leader = _database.Open(options => options.Epoch = 2, new FixedTime(After(Start)));
        await using var rest = new EveryWrite(leader, writes.State);
        foreach (var (name, write) in rest.All)
        {
            await write().Soon(name);
            Assert.NotEqual(before, before = Everything());
        }
    }

    [SuiteFact]
    public async Task AServerWithoutAnEpoch_IsAskedNothing()
    {
        await TakeOverAsync(0);
        await using var store = _database.Open();
        await using var storage = new PostgresGrainStorage(store);
        await storage.WriteStateAsync("note", Grain, new GrainState<string>("taken"));
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.grain_state"));
    }

    [SuiteFact]
    public async Task ATakeover_WaitsForWhatIsBeingWritten()
    {
        await TakeOverAsync(0);
        await using var old = _database.Open(options => options.Epoch = 1);
        await using var storage = new PostgresGrainStorage(old);
        using var held = new HeldTable(_database, "grain_state");
        var write = storage.WriteStateAsync("note", Grain, new GrainState<string>("in flight"));
        await held.AwaitedAsync();

        var takeover = TakeOverAsync(1, Long);
        await held.AwaitedAsync(2);
        Assert.False(takeover.IsCompleted);
        held.Release();

        await write.Soon("the write");
        Assert.Equal(2, await takeover.Soon("the takeover"));
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.grain_state"));
    }

    [SuiteFact]
    public async Task WhatIsStillBeingWritten_IsBrokenOffInTheEnd_AndNothingOfItIsThere()
    {
        await TakeOverAsync(0);
        await using var old = _database.Open(options => options.Epoch = 1);
        await using var storage = new PostgresGrainStorage(old);
        using var held = new HeldTable(_database, "grain_state");
        var write = storage.WriteStateAsync("note", Grain, new GrainState<string>("frozen"));
        await held.AwaitedAsync();

        Assert.Equal(2, await TakeOverAsync(1, TimeSpan.FromMilliseconds(50)).Soon("the takeover"));
        held.Release();

        await Assert.ThrowsAnyAsync<StorageFailedException>(() => write.Soon("the write"));
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.grain_state"));
        await Assert.ThrowsAsync<FencedOffException>(() => storage.WriteStateAsync("note", Grain, new GrainState<string>("again")).Soon("the next write"));
    }

    /// <summary>Whoever saw an epoch that is over by now was not the quickest.</summary>
    [SuiteFact]
    public async Task OfServersThatTakeOverAtOnce_OneDoes()
    {
        var epochs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeOverAsync(0)))).Soon("the takeovers");

        Assert.Equal([1L], epochs.Where(epoch => epoch is not null).Select(epoch => epoch!.Value));
    }

    /// <summary>Writes under load while leaders take turns: what was taken is there, and when a takeover is over, nothing of those before comes any more.</summary>
    [SuiteFact]
    public async Task TakeoversUnderLoad_LoseNothingThatWasTaken_AndLetNothingInAfterwards()
    {
        const int Turns = 6, Writers = 8;
        var random = new Random(20261122);
        await TakeOverAsync(0);
        var sure = new List<string>();
        for (var epoch = 1L; epoch <= Turns; epoch++)
        {
            await using var store = _database.Open(options => options.Epoch = epoch);
            await using var storage = new PostgresGrainStorage(store);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var (taken, wanted) = (0, random.Next(20, 200));
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var key = string.Create(CultureInfo.InvariantCulture, $"{epoch}-{writer}-{i}");
                    try
                    {
                        await storage.WriteStateAsync("note", GrainId.Create("host", key), new GrainState<string>(key));
                    }
                    catch (StorageFailedException)
                    {
                        return;
                    }

                    lock (sure) sure.Add($"host/{key}");
                    if (Interlocked.Increment(ref taken) == wanted) enough.SetResult();
                }
            })));
            await enough.Task.Soon("enough writes");
            Assert.Equal(epoch + 1, await TakeOverAsync(epoch).Soon("the takeover"));
            var there = Ids();
            await writing.Soon("the end of the writers");

            Assert.Equal(there, Ids());
            Assert.Empty(sure.Except(there));
        }

        string[] Ids() => ((string)_database.Execute("select coalesce(string_agg(grain_id, ' ' order by grain_id), '') from statusmonitor.grain_state")!).Split(' ');
    }

    private async Task<long?> TakeOverAsync(long from, TimeSpan? patience = null)
    {
        if (_database.Execute("select to_regclass('statusmonitor.leadership') is null") is true) await _database.Open().DisposeAsync();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return await Takeover.TryTakeAsync(connection, from, "another", patience ?? TimeSpan.FromMilliseconds(300), default);
    }

    /// <summary>All that is in all tables, by table.</summary>
    private string Everything()
    {
        var tables = (string)_database.Execute("select string_agg(format('statusmonitor.%I', relname), ' ' order by relname) from pg_class where relnamespace = 'statusmonitor'::regnamespace and relkind = 'r'")!;
        return string.Join('\n', tables.Split(' ').Select(table => $"{table}: {_database.Execute($"select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {table} t")}"));
    }
}
