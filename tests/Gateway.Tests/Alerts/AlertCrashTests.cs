using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>
/// The server process is killed while rules fire and clear, again and again, at any step between a report and the channel's answer. What was acknowledged must be in the history, once. Each change of an alert must be told, and told once; only a
/// message whose acceptance by the channel we had not yet noted may come twice.
/// </summary>
public sealed class AlertCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261122;
    private const int Hosts = 3;

    private readonly Folder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public Task KilledFiftyTimes_EveryChangeIsToldOnce() => EveryChangeIsToldOnceAsync(50, null);

    [PostgresFact]
    public Task KilledEightTimes_OnPostgres_EveryChangeIsToldOnce() => EveryChangeIsToldOnceAsync(8, PostgresCluster.Shared.EmptyDatabase("alert_crash_tests"));

    private async Task EveryChangeIsToldOnceAsync(int kills, string? database)
    {
        output.WriteLine($"seed {Seed}");
        string[] arguments = ["--port", "0", "--data", _data, "--allow-private-channels", "true", .. database is null ? Array.Empty<string>() : ["--database", database]];
        var schedule = new Random(Seed);
        await using var channel = await ChannelStandIn.StartAsync();
        var story = await AlertStory.PrepareAsync(channel, _data, Hosts, Seed, database);
        for (var round = 0; round < kills; round++)
        {
            using var server = ServerProcess.Start(arguments);
            var address = await server.ListeningAsync();

            // It dies when so many reports are acknowledged, or when so many messages have come to the channel, which has answered the last by then or has not.
            var (isReport, isAnswered) = (schedule.Next(2) == 0, schedule.Next(2) == 0);
            var things = isReport ? schedule.Next(1, 40) : schedule.Next(1, 15);
            var happened = 0;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var killed = new CancellationTokenSource();
            bool IsTheOne() => Interlocked.Increment(ref happened) == things && reached.TrySetResult();
            channel.OnRequest = () => !isReport && IsTheOne() && !isAnswered ? Task.Delay(Timeout.Infinite, killed.Token).ContinueWith(_ => { }, TaskScheduler.Default) : Task.CompletedTask;

            using var http = new HttpClient { BaseAddress = address };
            var reporting = story.RunAsync(http, () => _ = isReport && IsTheOne(), killed.Token);
            await Patience.For(Task.WhenAny(reached.Task, reporting), () => $"{things} {(isReport ? "reports" : "messages")} in round {round}; the server said:\n{server.Output}");
            if (reporting.IsCompleted) await reporting;
            await server.KillAsync();
            await killed.CancelAsync();
            await reporting;
        }

        channel.OnRequest = () => Task.CompletedTask;
        await FinishAsync(kills, arguments, channel, story, database);
        if (database is not null) Assert.Equal(0L, PostgresCluster.Execute(database, "select count(*) from statusmonitor.pending_transitions"));
    }

    private async Task FinishAsync(int kills, string[] arguments, ChannelStandIn channel, AlertStory story, string? database)
    {
        using var server = ServerProcess.Start(arguments);
        using var admin = await SignedIn.InAsync(await server.ListeningAsync(), "admin", story.Password);
        await story.CalmAsync(admin.Http, () => server.Output);
        var (told, untold) = await story.VerifyAsync(admin, () => server.Output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills; {told + untold} incidents: {told} told of when they began and when they were over, {untold} over before anybody was told; {channel.Messages.Count} messages, {channel.Repeats} came twice"));
        Assert.True(told > kills / 2, "Hardly anything was told; the test has tried nothing.");

        // One channel is told one thing at a time, so a kill makes at most one come again.
        Assert.InRange(channel.Repeats, 0, kills);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        if (database is not null)
        {
            await story.VerifyHistoryAsync(database);
            return;
        }

        using var store = new SqliteStore(Options.Create(new SqliteOptions { Folder = _data.Path }), NullLogger<SqliteStore>.Instance);
        await story.VerifyHistoryAsync(new SqliteHistory(store, new SqliteSampleJournal(store)));
    }
}
