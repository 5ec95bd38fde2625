using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>
/// The server process is killed while rules fire and clear, again and again, at any step between a report and the channel's answer. Each change of an alert must be told, and told once; only a
/// message whose acceptance by the channel we had not yet noted may come twice.
/// </summary>
public sealed class AlertCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261122;
    private const int Kills = 50;
    private const int Hosts = 3;

    private readonly Folder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task KilledFiftyTimes_EveryChangeIsToldOnce()
    {
        output.WriteLine($"seed {Seed}");
        var schedule = new Random(Seed);
        await using var channel = await ChannelStandIn.StartAsync();
        var (password, rule, machines) = await PrepareAsync(channel.Address);
        for (var round = 0; round < Kills; round++)
        {
            using var server = ServerProcess.Start(["--port", "0", "--data", _data, "--allow-private-channels", "true"]);
            var address = await server.ListeningAsync();

            // It dies at the so-and-so-many-th thing that happens: a report is acknowledged, or a message comes to the channel, which has answered it by then or has not.
            var things = schedule.Next(2, 25);
            var isAnswered = schedule.Next(2) == 0;
            var happened = 0;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var killed = new CancellationTokenSource();
            bool IsTheOne() => Interlocked.Increment(ref happened) == things && reached.TrySetResult();
            channel.OnRequest = () => IsTheOne() && !isAnswered ? Task.Delay(Timeout.Infinite, killed.Token).ContinueWith(_ => { }, TaskScheduler.Default) : Task.CompletedTask;

            using var http = new HttpClient { BaseAddress = address };
            var reporting = Task.WhenAll(machines.Select(machine => machine.RunAsync(http, () => IsTheOne(), killed.Token)));
            await Patience.For(Task.WhenAny(reached.Task, reporting), () => $"{things} things in round {round}; the server said:\n{server.Output}");
            if (reporting.IsCompleted) await reporting;
            await server.KillAsync();
            await killed.CancelAsync();
            await reporting;
        }

        channel.OnRequest = () => Task.CompletedTask;
        await FinishAsync(channel, machines, password, rule);
    }

    private async Task FinishAsync(ChannelStandIn channel, List<Machine> machines, string password, long rule)
    {
        using var server = ServerProcess.Start(["--port", "0", "--data", _data, "--allow-private-channels", "true"]);
        using var admin = await SignedIn.InAsync(await server.ListeningAsync(), "admin", password);
        foreach (var machine in machines) await machine.CalmAsync(admin.Http);

        var problem = "";
        var (told, untold) = (0, 0);
        try
        {
            await Patience.Until(async () => (problem = await CheckAsync()).Length == 0, () => "everything is told", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{problem}\nThe server said:\n{server.Output}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Kills} kills; {told + untold} incidents: {told} told of when they began and when they were over, {untold} over before anybody was told; {channel.Messages.Count} messages, {channel.Repeats} came twice"));
        Assert.True(told > Kills / 2, "Hardly anything was told; the test has tried nothing.");

        // One channel is told one thing at a time, so a kill makes at most one come again.
        Assert.InRange(channel.Repeats, 0, Kills);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());

        async Task<string> CheckAsync()
        {
            (told, untold) = (0, 0);
            var messages = channel.Messages.Values.Where(message => message.Kind is "fired" or "resolved").SelectMany(message => message.Incidents, (message, incident) => (message.Kind, incident, message.Place)).ToLookup(message => message.incident);
            foreach (var machine in machines)
            {
                var incidents = await IncidentsAsync(admin, machine.Id, rule);
                var found = incidents.Select(incident => (Time(incident, "openedAt"), Time(incident, "resolvedAt"))).ToList();
                if (!found.SequenceEqual(machine.Expected())) return $"Host {machine.Id} was over the bound in {Text(machine.Expected())}, and has incidents of {Text(found)}.";

                var spoken = new List<(int Place, string Kind)>();
                foreach (var id in incidents.Select(incident => incident.GetProperty("id").GetString()!))
                {
                    var of = messages[id].OrderBy(message => message.Place).ToList();
                    if (of.Select(message => message.Kind).SequenceEqual(["fired", "resolved"])) told++;
                    else if (of.Count == 0 && await IsUntoldAsync(admin, id)) untold++;
                    else return $"Of incident {id} was told: {string.Join(", ", of)}.";
                    spoken.AddRange(of.Select(message => (message.Place, message.Kind)));
                }

                // Of one alert it is never said twice that it began, or that it is over.
                var order = spoken.OrderBy(message => message.Place).Select((message, i) => message.Kind == (i % 2 == 0 ? "fired" : "resolved"));
                if (!order.All(isRight => isRight)) return $"Of host {machine.Id} was told in this order: {string.Join(", ", spoken.Order())}.";
            }

            var queued = (await admin.GetAsync("/api/v1/notifications?state=queued&state=dead")).Json.GetProperty("notifications");
            return queued.GetArrayLength() == 0 ? "" : $"These were not sent: {queued}";
        }
    }

    /// <summary>One rule for all hosts, and one channel, which is told of each change by itself.</summary>
    private async Task<(string Password, long Rule, List<Machine> Machines)> PrepareAsync(string hook)
    {
        await using var server = await RunningServer.StartAsync(options => options.AllowPrivateChannels = true, data: _data);
        var account = server.Admin.Id;
        var desk = server.DeskOf(account);
        Assert.NotNull(await desk.AddChannel(new AlertChannel { Name = "counter", Kind = ChannelKind.Webhook, Settings = ImmutableDictionary<string, string>.Empty.Add("url", hook) }));
        await desk.SetRouting(new AlertRouting(Grouping.None, TimeSpan.Zero, []));
        var book = server.Services.GetRequiredService<IGrainFactory>().GetGrain<IRuleBookGrain>(account);
        foreach (var rule in await book.Get()) Assert.Equal(RuleOutcome.Done, await book.Remove(rule.Id));
        var added = await book.Add(new AlertRule { Name = "Load", Kind = AlertKind.Threshold, Series = "crash.load", Condition = AlertCondition.AtOrAbove, Threshold = 50 });
        var machines = new List<Machine>();
        for (var i = 0; i < Hosts; i++)
        {
            var host = await server.EnrolAsync($"host {i}");
            machines.Add(new Machine(host.Id, host.Token, Seed + i));
        }

        return (server.Admin.Password, added.Rule!.Id, machines);
    }

    /// <summary>All incidents of a host and rule, oldest first.</summary>
    private static async Task<List<JsonElement>> IncidentsAsync(SignedIn admin, long host, long rule)
    {
        var incidents = new List<JsonElement>();
        for (var after = ""; ;)
        {
            var page = (await admin.GetAsync($"/api/v1/incidents?host={host}&rule={rule}&limit=500{after}")).Json;
            incidents.AddRange(page.GetProperty("incidents").EnumerateArray());
            if (page.GetProperty("next").GetString() is not { } next) break;
            after = $"&after={next}";
        }

        incidents.Reverse();
        return incidents;
    }

    private static async Task<bool> IsUntoldAsync(SignedIn admin, string id) =>
        (await admin.GetAsync($"/api/v1/incidents/{id}")).Json.GetProperty("events").EnumerateArray().Any(happened => happened.GetProperty("kind").GetString() == "untold");

    private static long? Time(JsonElement incident, string name) => incident.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset().ToUnixTimeMilliseconds() : null;

    private static string Text(IEnumerable<(long?, long?)> spans) => string.Join(", ", spans.Select(span => $"{span.Item1}-{span.Item2}"));

    /// <summary>
    /// A host whose load goes over the bound and back, not more often than every ten minutes of its own time, so that it does not flap. It goes on only with what was acknowledged, as agents do.
    /// </summary>
    private sealed class Machine(long id, string token, int seed)
    {
        private const int Samples = 10;
        private const long Step = 60_000;

        private readonly Random _random = new(seed);
        private readonly List<(long At, bool IsHigh)> _sent = [];
        private readonly long _start = (ReportJson.Now() / Step * Step) - (6 * 24 * 3_600_000L);
        private (long At, bool IsHigh)[] _unsure = [];
        private bool _isHigh;
        private int _made;

        public long Id => id;

        public async Task RunAsync(HttpClient http, Action onAcknowledged, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (_unsure.Length == 0) _unsure = Next(isChange: _random.Next(4) > 0);
                if (!await TrySendAsync(http)) return;
                onAcknowledged();
            }
        }

        /// <summary>Sends what is unsure, and that the load is low.</summary>
        public async Task CalmAsync(HttpClient http)
        {
            if (_unsure.Length > 0) Assert.True(await TrySendAsync(http));
            if (_isHigh) _unsure = Next(isChange: true);
            if (_unsure.Length > 0) Assert.True(await TrySendAsync(http));
        }

        /// <summary>When it was over the bound, from and to.</summary>
        public IEnumerable<(long?, long?)> Expected()
        {
            long? from = null;
            foreach (var (at, isHigh) in _sent)
            {
                if (isHigh) from ??= at;
                else if (from is { } began)
                {
                    yield return (began, at);
                    from = null;
                }
            }

            if (from is not null) yield return (from, null);
        }

        private (long, bool)[] Next(bool isChange)
        {
            var samples = new (long, bool)[Samples];
            for (var i = 0; i < Samples; i++) samples[i] = (_start + (Step * ++_made), _isHigh ^ (isChange && i >= Samples / 2));
            _isHigh ^= isChange;
            return samples;
        }

        private async Task<bool> TrySendAsync(HttpClient http)
        {
            var reports = _unsure.Select(sample => ReportJson.Report((sample.At - _start) / Step, sample.At, sample.IsHigh ? """{"crash.load":90}""" : """{"crash.load":10}""", interval: 60));
            try
            {
                var answer = await new EnrolledHost(http, id, token).PostAsync(EnrolledHost.Json(Encoding.UTF8.GetBytes(ReportJson.Batch(reports))));
                Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            }
            catch (HttpRequestException)
            {
                // The server died, before, while or after it took them.
                return false;
            }

            _sent.AddRange(_unsure);
            _unsure = [];
            return true;
        }
    }
}
