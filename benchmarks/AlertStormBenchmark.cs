using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Silo;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// All hosts of an account are lost at once: each hands its transition to the account's desk, which stores them, makes one message of them when its window is over, and
/// sends that; meanwhile somebody reads the lines of the fleet. And how long one alert takes from its host to its channel while nothing else happens.
/// </summary>
internal static class AlertStormBenchmark
{
    private const long Account = 1;
    private const int Alone = 500;
    private static readonly TimeSpan Window = AlertRouting.Default.GroupWindow;
    private static readonly AlertRule Offline = new() { Id = 1, Name = "Host offline", Kind = AlertKind.Offline, Severity = AlertSeverity.Critical };

    public static async Task<int> RunAsync(string[] args)
    {
        var hosts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var data = Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName;
        try
        {
            var channel = new CountingChannel();
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.Configure<SqliteOptions>(sqlite => sqlite.Folder = data);
            builder.AddSingleSilo(new SiloPorts());
            builder.Services.AddSingleton<IChannelSender>(channel);
            using var host = builder.Build();
            await host.StartAsync();
            var grains = host.Services.GetRequiredService<IGrainFactory>();
            await Parallel.ForEachAsync(Enumerable.Range(1, hosts), new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (id, _) => await grains.GetGrain<IHostGrain>(id).Register(new NewHost($"web-{id}", Account, null, [])));
            var desk = grains.GetGrain<IAlertDeskGrain>(Account);
            await desk.AddChannel(new AlertChannel { Name = "benchmark", Kind = ChannelKind.Webhook });

            await StormAsync(grains, desk, channel, hosts, TransitionKind.Fired, 1);
            await StormAsync(grains, desk, channel, hosts, TransitionKind.Resolved, 2);
            await AloneAsync(desk, channel);
            await host.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task StormAsync(IGrainFactory grains, IAlertDeskGrain desk, CountingChannel channel, int hosts, TransitionKind kind, int number)
    {
        var pages = new List<double>();
        var told = channel.ExpectAsync(hosts);
        var started = Stopwatch.GetTimestamp();
        var handing = Task.WhenAll(Enumerable.Range(1, hosts).Select(id => desk.Accept([Transition(id, number, kind, Offline)])));
        while (!told.IsCompleted)
        {
            var asked = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetHosts(new Viewer(Account, false))));
            pages.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            await Task.Delay(20);
            if (handing.IsFaulted) await handing;
        }

        var (messages, queued) = await told;
        pages.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"alert-storm, {hosts} hosts {(kind == TransitionKind.Fired ? "lost" : "back")} at once: from the first of them to all being queued and with the channel {Stopwatch.GetElapsedTime(started, queued).TotalSeconds:0.00} s, with a window of {Window.TotalSeconds:0} s, in {messages} messages; lines of the fleet p50 {pages[pages.Count / 2]:0.0} ms, p99 {pages[(int)(0.99 * (pages.Count - 1))]:0.0} ms"));
    }

    private static async Task AloneAsync(IAlertDeskGrain desk, CountingChannel channel)
    {
        var latencies = new List<double>();
        const int WarmUp = 50;
        for (var i = 0; i < WarmUp + Alone; i++)
        {
            // Rules of their own: of one rule the second within the window would wait.
            var rule = new AlertRule { Id = 1000 + i, Name = "CPU busy", Kind = AlertKind.Threshold, Series = "cpu.percent", Condition = AlertCondition.AtOrAbove, Threshold = 90 };
            var told = channel.ExpectAsync(1);
            var started = Stopwatch.GetTimestamp();
            await desk.Accept([Transition(1, 1000 + i, TransitionKind.Fired, rule)]);
            await told;
            if (i >= WarmUp) latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"alert-storm, one alert at a time, host to channel, {Alone} alerts: p50 {latencies[Alone / 2]:0.0} ms, p99 {latencies[(int)(0.99 * (Alone - 1))]:0.0} ms"));
    }

    private static AlertTransition Transition(long host, int number, TransitionKind kind, AlertRule rule) => new()
    {
        Id = $"{host}-{number}",
        AccountId = Account,
        Kind = kind,
        At = DateTimeOffset.UtcNow,
        IncidentId = kind == TransitionKind.Fired ? $"{host}-{number}" : $"{host}-{number - 1}",
        HostId = host,
        HostName = $"web-{host}",
        People = new HostPeople(Account, []),
        Rule = rule,
        Series = rule.Series,
        IsOpen = kind == TransitionKind.Fired,
    };

    /// <summary>A channel that takes everything and counts the alerts in it.</summary>
    private sealed class CountingChannel : IChannelSender
    {
        private TaskCompletionSource<(int Messages, long At)> _told = new();
        private int _left;
        private int _messages;

        public ChannelKind Kind => ChannelKind.Webhook;

        public ImmutableArray<string> Secrets => [];

        /// <summary>Ends when so many alerts were told, with the number of messages that took, and when. What the channel gets was queued right before.</summary>
        public Task<(int Messages, long At)> ExpectAsync(int alerts)
        {
            (_told, _messages) = (new TaskCompletionSource<(int Messages, long At)>(TaskCreationOptions.RunContinuationsAsynchronously), 0);
            Volatile.Write(ref _left, alerts);
            return _told.Task;
        }

        public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings) => null;

        public Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _messages);
            if (Interlocked.Add(ref _left, -message.Count) <= 0) _told.TrySetResult((_messages, Stopwatch.GetTimestamp()));
            return Task.FromResult(new SendResult(SendOutcome.Accepted));
        }
    }
}
