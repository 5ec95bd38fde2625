using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>Some hosts, a rule for them and a channel that is told of each change by itself; and whether, in the end, each change was told, and told once.</summary>
internal sealed class AlertStory
{
    /// <summary>Changes of which the channel may not have heard yet: of more than a hundred that wait, the desk gives the oldest up.</summary>
    private const int MaxAhead = 40;

    private readonly ChannelStandIn _channel;
    private readonly List<LoadedMachine> _machines = [];
    private readonly long _rule;
    private IReadOnlyList<Task> _reporting = [];

    private AlertStory(ChannelStandIn channel, string password, long rule) => (_channel, Password, _rule) = (channel, password, rule);

    /// <summary>The administrator's.</summary>
    public string Password { get; }

    /// <summary>The rule for hosts that are offline, if there is one.</summary>
    public long? OfflineRule { get; private init; }

    public IReadOnlyList<LoadedMachine> Machines => _machines;

    private bool MayChange => _machines.Sum(machine => machine.Changes) - _channel.Messages.Count < MaxAhead;

    /// <summary>Makes it all with a server of its own, which has ended then.</summary>
    public static async Task<AlertStory> PrepareAsync(ChannelStandIn channel, string data, int hosts, int seed, string? database = null, bool watchesOffline = false, double changes = 0.75)
    {
        await using var server = await RunningServer.StartAsync(options => (options.AllowPrivateChannels, options.Database) = (true, database), data: data);
        var account = server.Admin.Id;
        var desk = server.DeskOf(account);
        Assert.NotNull(await desk.AddChannel(new AlertChannel { Name = "counter", Kind = ChannelKind.Webhook, Settings = ImmutableDictionary<string, string>.Empty.Add("url", channel.Address) }));
        await desk.SetRouting(new AlertRouting(Grouping.None, TimeSpan.Zero, []));
        var book = server.Services.GetRequiredService<IGrainFactory>().GetGrain<IRuleBookGrain>(account);
        foreach (var rule in await book.Get()) Assert.Equal(RuleOutcome.Done, await book.Remove(rule.Id));
        var added = await book.Add(new AlertRule { Name = "Load", Kind = AlertKind.Threshold, Series = "crash.load", Condition = AlertCondition.AtOrAbove, Threshold = 50 });
        var offline = watchesOffline ? await book.Add(new AlertRule { Name = "Gone", Kind = AlertKind.Offline }) : null;
        var story = new AlertStory(channel, server.Admin.Password, added.Rule!.Id) { OfflineRule = offline?.Rule!.Id };
        for (var i = 0; i < hosts; i++)
        {
            var host = await server.EnrolAsync($"host {i}");
            story._machines.Add(new LoadedMachine(host.Id, host.Token, seed + i, changes));
        }

        return story;
    }

    /// <summary>Has the hosts report until they are told to end, or the server is gone.</summary>
    public Task RunAsync(HttpClient http, Action onAcknowledged, CancellationToken end)
    {
        _reporting = [.. _machines.Select(machine => machine.RunAsync(http, () => MayChange, onAcknowledged, end))];
        return Task.WhenAll(_reporting);
    }

    /// <summary>Fails as soon as one of the hosts has got an answer that it may not get; the others go on.</summary>
    public void CheckAnswers(Func<string> said)
    {
        if (_reporting.FirstOrDefault(host => host.IsFaulted) is { } host) Assert.Fail($"{host.Exception!.GetBaseException().Message}\nThe servers said:\n{said()}");
    }

    /// <summary>Sends what is unsure, and that all loads are low.</summary>
    public async Task CalmAsync(HttpClient http, Func<string> said)
    {
        foreach (var machine in _machines)
        {
            while (await machine.CalmAsync(http)) await Patience.Until(() => Task.FromResult(MayChange), () => $"the channel hears of what has changed; the server said:\n{said()}");
        }
    }

    /// <summary>Waits until all is told that must be, and checks that it was told once and in order.</summary>
    /// <returns>Incidents that were told of when they began and when they were over, and those that were over before anybody was told.</returns>
    public async Task<(int Told, int Untold)> VerifyAsync(SignedIn admin, Func<string> said)
    {
        var problem = "";
        var (told, untold) = (0, 0);
        try
        {
            await Patience.Until(
                async () =>
                {
                    (problem, told, untold) = await CheckAsync(admin);
                    return problem.Length == 0;
                },
                () => "everything is told",
                TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{problem}\nThe server said:\n{said()}");
        }

        return (told, untold);
    }

    /// <summary>Checks that the history has what was acknowledged, once and with its values, and nothing else; gives how many reports those are.</summary>
    public async Task<int> VerifyHistoryAsync(IHistory history)
    {
        var found = 0;
        foreach (var machine in _machines)
        {
            var series = (await history.ReadSeriesAsync(machine.Id, CancellationToken.None)).ToDictionary(entry => entry.Id, entry => entry.Name);
            var samples = await history.ReadSamplesAsync(machine.Id, [.. series.Keys], 0, long.MaxValue, CancellationToken.None);
            Assert.Equal(machine.Acknowledged.Keys, samples.Times);
            found += samples.Times.Length;
            var columns = samples.Columns.ToDictionary(column => series[column.SeriesId], column => column.Values);
            foreach (var (values, row) in machine.Acknowledged.Values.Select((values, row) => (values, row)))
            {
                for (var load = 0; load < values.Length; load++) Assert.Equal(values[load], columns[LoadedMachine.Series(load)][row]);
            }
        }

        return found;
    }

    /// <inheritdoc cref="VerifyHistoryAsync(IHistory)"/>
    /// <param name="database">Where it is.</param>
    /// <param name="isOneWriter">Whether one server wrote at a time. Of a cluster two silos may for a moment both have a host, and the raw journal a report twice, which everything that reads counts once.</param>
    public async Task<int> VerifyHistoryAsync(string database, bool isOneWriter = true)
    {
        if (isOneWriter) Assert.Equal(0L, Twice(database));
        await using var store = new PostgresStore(Options.Create(new PostgresOptions { ConnectionString = database }), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        return await VerifyHistoryAsync(new PostgresHistory(store));
    }

    /// <summary>Rows of the raw journal beyond the first of their host and time.</summary>
    public static long Twice(string database) => (long)PostgresCluster.Execute(database, "select count(*) - count(distinct (host_id, at)) from statusmonitor.journal")!;

    private async Task<(string Problem, int Told, int Untold)> CheckAsync(SignedIn admin)
    {
        var (told, untold) = (0, 0);
        var messages = _channel.Messages.Values.Where(message => message.Kind is "fired" or "resolved").SelectMany(message => message.Incidents, (message, incident) => (message.Kind, incident, message.Place)).ToLookup(message => message.incident);
        foreach (var machine in _machines)
        {
            var incidents = (await IncidentsAsync(admin, machine.Id)).ToLookup(incident => incident.GetProperty("series").GetString()!);
            foreach (var (series, expected) in machine.Expected())
            {
                var found = incidents[series].Select(incident => (Time(incident, "openedAt"), Time(incident, "resolvedAt"))).ToList();
                if (!found.SequenceEqual(expected)) return ($"{series} of host {machine.Id} was over the bound in {Text(expected)}, and has incidents of {Text(found)}.", told, untold);

                var spoken = new List<(int Place, string Kind)>();
                foreach (var id in incidents[series].Select(incident => incident.GetProperty("id").GetString()!))
                {
                    var of = messages[id].OrderBy(message => message.Place).ToList();
                    if (of.Select(message => message.Kind).SequenceEqual(["fired", "resolved"])) told++;
                    else if (of.Count == 0 && await IsUntoldAsync(admin, id)) untold++;
                    else return ($"Of incident {id} was told: {string.Join(", ", of)}.", told, untold);
                    spoken.AddRange(of.Select(message => (message.Place, message.Kind)));
                }

                // Of one alert it is never said twice that it began, or that it is over.
                var order = spoken.OrderBy(message => message.Place).Select((message, i) => message.Kind == (i % 2 == 0 ? "fired" : "resolved"));
                if (!order.All(isRight => isRight)) return ($"Of {series} of host {machine.Id} was told in this order: {string.Join(", ", spoken.Order())}.", told, untold);
            }
        }

        var queued = (await admin.GetAsync("/api/v1/notifications?state=queued&state=dead")).Json.GetProperty("notifications");
        return (queued.GetArrayLength() == 0 ? "" : $"These were not sent: {queued}", told, untold);
    }

    /// <summary>All incidents of a host, oldest first.</summary>
    private async Task<List<JsonElement>> IncidentsAsync(SignedIn admin, long host)
    {
        var incidents = new List<JsonElement>();
        for (var after = ""; ;)
        {
            var page = (await admin.GetAsync($"/api/v1/incidents?host={host}&rule={_rule}&limit=500{after}")).Json;
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
}
