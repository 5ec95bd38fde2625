using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>
/// The server process is killed while rules fire and clear, again and again, at any step between a report and the channel's answer. Each change of an alert must be told, and told once; only a
/// message whose acceptance by the channel we had not yet noted may come twice.
/// </summary>
public sealed class AlertCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261122;
    private const int Hosts = 3;

    /// <summary>Changes of which the channel may not have heard yet: of more than a hundred that wait, the desk gives the oldest up.</summary>
    private const int MaxAhead = 40;

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
        var (password, rule, machines) = await PrepareAsync(channel.Address, database);
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
            var reporting = Task.WhenAll(machines.Select(machine => machine.RunAsync(http, () => machines.Sum(other => other.Changes) - channel.Messages.Count < MaxAhead, () => _ = isReport && IsTheOne(), killed.Token)));
            await Patience.For(Task.WhenAny(reached.Task, reporting), () => $"{things} {(isReport ? "reports" : "messages")} in round {round}; the server said:\n{server.Output}");
            if (reporting.IsCompleted) await reporting;
            await server.KillAsync();
            await killed.CancelAsync();
            await reporting;
        }

        channel.OnRequest = () => Task.CompletedTask;
        await FinishAsync(kills, arguments, channel, machines, password, rule);
        if (database is not null) Assert.Equal(0L, PostgresCluster.Execute(database, "select count(*) from statusmonitor.pending_transitions"));
    }

    private async Task FinishAsync(int kills, string[] arguments, ChannelStandIn channel, List<Machine> machines, string password, long rule)
    {
        using var server = ServerProcess.Start(arguments);
        using var admin = await SignedIn.InAsync(await server.ListeningAsync(), "admin", password);
        foreach (var machine in machines)
        {
            while (await machine.CalmAsync(admin.Http))
            {
                await Patience.Until(() => Task.FromResult(machines.Sum(other => other.Changes) - channel.Messages.Count < MaxAhead), () => $"the channel hears of what has changed; the server said:\n{server.Output}");
            }
        }

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
            $"{kills} kills; {told + untold} incidents: {told} told of when they began and when they were over, {untold} over before anybody was told; {channel.Messages.Count} messages, {channel.Repeats} came twice"));
        Assert.True(told > kills / 2, "Hardly anything was told; the test has tried nothing.");

        // One channel is told one thing at a time, so a kill makes at most one come again.
        Assert.InRange(channel.Repeats, 0, kills);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());

        async Task<string> CheckAsync()
        {
            (told, untold) = (0, 0);
            var messages = channel.Messages.Values.Where(message => message.Kind is "fired" or "resolved").SelectMany(message => message.Incidents, (message, incident) => (message.Kind, incident, message.Place)).ToLookup(message => message.incident);
            foreach (var machine in machines)
            {
                var incidents = (await IncidentsAsync(admin, machine.Id, rule)).ToLookup(incident => incident.GetProperty("series").GetString()!);
                foreach (var (series, expected) in machine.Expected())
                {
                    var found = incidents[series].Select(incident => (Time(incident, "openedAt"), Time(incident, "resolvedAt"))).ToList();
                    if (!found.SequenceEqual(expected)) return $"{series} of host {machine.Id} was over the bound in {Text(expected)}, and has incidents of {Text(found)}.";

                    var spoken = new List<(int Place, string Kind)>();
                    foreach (var id in incidents[series].Select(incident => incident.GetProperty("id").GetString()!))
                    {
                        var of = messages[id].OrderBy(message => message.Place).ToList();
                        if (of.Select(message => message.Kind).SequenceEqual(["fired", "resolved"])) told++;
                        else if (of.Count == 0 && await IsUntoldAsync(admin, id)) untold++;
                        else return $"Of incident {id} was told: {string.Join(", ", of)}.";
                        spoken.AddRange(of.Select(message => (message.Place, message.Kind)));
                    }

                    // Of one alert it is never said twice that it began, or that it is over.
                    var order = spoken.OrderBy(message => message.Place).Select((message, i) => message.Kind == (i % 2 == 0 ? "fired" : "resolved"));
                    if (!order.All(isRight => isRight)) return $"Of {series} of host {machine.Id} was told in this order: {string.Join(", ", spoken.Order())}.";
                }
            }

            var queued = (await admin.GetAsync("/api/v1/notifications?state=queued&state=dead")).Json.GetProperty("notifications");
            return queued.GetArrayLength() == 0 ? "" : $"These were not sent: {queued}";
        }
    }

    /// <summary>One rule for all hosts, and one channel, which is told of each change by itself.</summary>
    private async Task<(string Password, long Rule, List<Machine> Machines)> PrepareAsync(string hook, string? database)
    {
        await using var server = await RunningServer.StartAsync(options => (options.AllowPrivateChannels, options.Database) = (true, database), data: _data);
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

    private static string Text(IEnumerable<(long? From, long? To)> spans) => string.Join(", ", spans.Select(span => $"{span.From}-{span.To}"));

    /// <summary>
    /// A host with many loads, of which with each report one goes over the bound or back: each of them seldom enough not to flap. It goes on only with what was acknowledged, as agents do.
    /// </summary>
    private sealed class Machine(long id, string token, int seed)
    {
        private const int Loads = 100;

        private readonly Random _random = new(seed);
        private readonly bool[] _isHigh = new bool[Loads];
        private readonly List<(long? From, long? To)>[] _spans = [.. Enumerable.Range(0, Loads).Select(_ => new List<(long?, long?)>())];
        private long _at;
        private long _sequence;
        private int _changed;
        private string? _unsure;

        public long Id => id;

        /// <summary>Times that a load went over the bound or back.</summary>
        public int Changes { get; private set; }

        public async Task RunAsync(HttpClient http, Func<bool> mayChange, Action onAcknowledged, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                _unsure ??= Next(_random.Next(4) == 0 || !mayChange() ? null : _changed++ % Loads);
                if (!await TrySendAsync(http)) return;
                onAcknowledged();
            }
        }

        /// <summary>Sends what is unsure, or that another load is low; false if all are.</summary>
        public async Task<bool> CalmAsync(HttpClient http)
        {
            Assert.InRange(_changed, 1, 4 * Loads);
            if (_unsure is null)
            {
                var high = Array.IndexOf(_isHigh, true);
                if (high < 0) return false;
                _unsure = Next(high);
            }

            Assert.True(await TrySendAsync(http));
            return true;
        }

        /// <summary>When each load was over the bound, from and to.</summary>
        public IEnumerable<(string Series, List<(long?, long?)> Spans)> Expected() => _spans.Select((spans, load) => (Series(load), spans));

        private static string Series(int load) => string.Create(CultureInfo.InvariantCulture, $"crash.load{{n={load}}}");

        /// <summary>A report in which this has changed, or nothing.</summary>
        private string Next(int? changed)
        {
            _at = Math.Max(_at + 1, ReportJson.Now());
            if (changed is { } load)
            {
                if (_isHigh[load] = !_isHigh[load]) _spans[load].Add((_at, null));
                else _spans[load][^1] = (_spans[load][^1].From, _at);
                Changes++;
            }

            return ReportJson.Report(++_sequence, _at, ReportJson.Samples(_isHigh.Select((isHigh, i) => KeyValuePair.Create(Series(i), isHigh ? 90.0 : 10.0))), interval: 1);
        }

        private async Task<bool> TrySendAsync(HttpClient http)
        {
            try
            {
                var answer = await new EnrolledHost(http, id, token).PostAsync(EnrolledHost.Json(Encoding.UTF8.GetBytes(ReportJson.Batch(_unsure!))));
                Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            }
            catch (HttpRequestException)
            {
                // The server died, before, while or after it took it.
                return false;
            }

            _unsure = null;
            return true;
        }
    }
}
