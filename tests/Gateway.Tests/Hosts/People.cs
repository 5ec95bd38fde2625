using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Hosts;

internal enum StepKind
{
    AddHost,
    Share,
    Unshare,
    GiveUp,
    Transfer,
    DeleteHost,
    SetRole,
    Disable,
}

/// <summary>Something one of the <see cref="People"/> does. Numbers lead to people and hosts; a host's number wraps around.</summary>
internal sealed record Step(StepKind Kind, int Person, int Other, int Host, bool IsFull);

/// <summary>Some people with their hosts, all of them watching everything they may, and what they should see by a rule that is as simple as it can be.</summary>
internal sealed class People : IAsyncDisposable
{
    public const int Count = 3;

    private readonly RunningServer _server;
    private readonly List<Person> _people = [];
    private readonly List<ModelHost> _hosts = [];
    private long _sequence;

    // Sees everything, and so tells when the fleet's feed has heard of it.
    private HubClient _observer = null!;

    private People(RunningServer server) => _server = server;

    public static async Task<People> StartAsync(RunningServer server)
    {
        var people = new People(server) { _observer = await HubClient.ConnectAsync(server) };
        for (var i = 0; i < Count; i++)
        {
            var user = await server.SignInAsync();
            people._people.Add(new Person(user, await server.EnrolAsync("beacon", user)));
        }

        foreach (var person in people._people) await people.ConnectAsync(person);
        return people;
    }

    /// <summary>Takes a step, and checks what everybody gets then.</summary>
    public async Task DoAsync(Step step)
    {
        var before = _people.ToDictionary(person => person, person => Visible(person).ToHashSet());
        await TakeAsync(step);
        foreach (var person in _people) await CheckLossAsync(person, before[person]);

        // First while the browsers still show the pages of before.
        await CheckStreamsAsync();
        foreach (var person in _people)
        {
            await CheckRestAsync(person);
            await CheckHubAsync(person);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _observer.DisposeAsync();
        foreach (var person in _people) await person.Browser.DisposeAsync();
        foreach (var host in _hosts.Where(host => !host.IsDeleted)) await _server.Admin.SendAsync(HttpMethod.Delete, Path(host));
        foreach (var person in _people) await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/users/{person.User.Id}?hosts=delete");
    }

    private static string Path(ModelHost host) => $"/api/v1/hosts/{host.Enrolled.Id}";

    /// <summary>The whole rule.</summary>
    private static HostAccess AccessOf(Person person, ModelHost host) =>
        host.IsDeleted ? HostAccess.None
        : person.IsAdministrator || host.Owner == person ? HostAccess.Owner
        : host.Shares.GetValueOrDefault(person);

    private IEnumerable<ModelHost> Visible(Person person) => _hosts.Where(host => AccessOf(person, host) > HostAccess.None);

    private async Task TakeAsync(Step step)
    {
        var (person, other) = (_people[step.Person], _people[step.Other]);
        var host = _hosts.Count == 0 ? null : _hosts[step.Host % _hosts.Count];
        switch (step.Kind)
        {
            case StepKind.AddHost:
                _hosts.Add(new ModelHost(await _server.EnrolAsync($"host {_hosts.Count}", person.User), person));
                break;
            case StepKind.Share when host is not null:
                await TryAsync(person, host, HostAccess.Owner, HttpMethod.Put, $"/shares/{Name(other)}", step.IsFull ? """{"access":"full"}""" : """{"access":"read"}""", isRefused: host.Owner == other, () => host.Shares[other] = step.IsFull ? HostAccess.Full : HostAccess.Read);
                break;
            case StepKind.Unshare when host is not null && person != other:
                await TryAsync(person, host, HostAccess.Owner, HttpMethod.Delete, $"/shares/{Name(other)}", null, isRefused: false, () => host.Shares.Remove(other));
                break;
            case StepKind.GiveUp when host is not null:
                await TryAsync(person, host, HostAccess.Read, HttpMethod.Delete, $"/shares/{Name(person)}", null, isRefused: false, () => host.Shares.Remove(person));
                break;
            case StepKind.DeleteHost when host is not null:
                await TryAsync(person, host, HostAccess.Owner, HttpMethod.Delete, "", null, isRefused: false, () => host.IsDeleted = true);
                break;
            case StepKind.Transfer when host is { IsDeleted: false }:
                await _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IHostGrain>(host.Enrolled.Id).SetOwner(other.User.Id);
                host.Owner = other;
                host.Shares.Remove(other);
                break;
            case StepKind.SetRole:
                person.IsAdministrator = !person.IsAdministrator;
                await ChangeAsync(person, $$"""{"role":"{{(person.IsAdministrator ? "administrator" : "user")}}"}""");
                break;
            case StepKind.Disable:
                await ChangeAsync(person, """{"isDisabled":true}""");
                await person.Browser.ClosedAsync();
                Assert.Equal(HttpStatusCode.Unauthorized, (await person.User.GetAsync("/api/v1/hosts")).Status);
                await person.Browser.DisposeAsync();
                await ChangeAsync(person, """{"isDisabled":false}""");
                person.User = await _server.SignInAsync(person.User.Name, person.User.Password, renews: false);
                await ConnectAsync(person);
                break;
        }
    }

    private static async Task TryAsync(Person person, ModelHost host, HostAccess needed, HttpMethod method, string path, string? body, bool isRefused, Action done)
    {
        var access = AccessOf(person, host);
        var expected = access == HostAccess.None ? HttpStatusCode.NotFound
            : access < needed ? HttpStatusCode.Forbidden
            : isRefused ? HttpStatusCode.BadRequest
            : HttpStatusCode.NoContent;
        var answer = await person.User.SendAsync(method, Path(host) + path, body);
        Assert.True(expected == answer.Status, $"{person.User.Name}, {access}: {method} {path} {(int)answer.Status} {answer.Text}");
        if (answer.Status == HttpStatusCode.NoContent) done();
    }

    /// <summary>Of what somebody no longer sees nothing that happens from now on may come; and its browser is told at once.</summary>
    private async Task CheckLossAsync(Person person, HashSet<ModelHost> before)
    {
        foreach (var lost in before.Except(Visible(person)))
        {
            person.LostAt[lost.Enrolled.Id] = _sequence;
            if (person.Watched.Remove(lost)) await person.Browser.NextAsync("HostGone", gone => gone.GetProperty("id").GetInt64() == lost.Enrolled.Id);
        }
    }

    private async Task CheckRestAsync(Person person)
    {
        var list = (await person.User.GetAsync("/api/v1/hosts?search=host%20&limit=200")).Json;
        Assert.Equal(Expected(person), Rows(list, host => _hosts.Any(known => known.Enrolled.Id == host)));
        foreach (var host in _hosts)
        {
            var access = AccessOf(person, host);
            foreach (var path in new[] { "", "/series", "/history?series=cpu.percent" })
            {
                Assert.Equal(access == HostAccess.None ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await person.User.GetAsync(Path(host) + path)).Status);
            }

            Assert.Equal(access == HostAccess.None ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await person.User.GetAsync($"/api/v1/history?host={person.Beacon.Id}&host={host.Enrolled.Id}&series=cpu.percent")).Status);
            var full = access == HostAccess.None ? HttpStatusCode.NotFound : access < HostAccess.Full ? HttpStatusCode.Forbidden : HttpStatusCode.OK;
            Assert.Equal(full, (await person.User.GetAsync($"{Path(host)}/tokens")).Status);
            Assert.Equal(full, (await person.User.SendAsync(HttpMethod.Patch, Path(host), "{}")).Status);
        }
    }

    private async Task CheckHubAsync(Person person)
    {
        var page = await person.Browser.InvokeAsync("WatchFleet", new { limit = 200 });
        Assert.Equal(Expected(person), Rows(page, host => _hosts.Any(known => known.Enrolled.Id == host)));
        if (!person.IsAdministrator) Assert.Equal(page.GetProperty("rows").GetArrayLength(), page.GetProperty("counts").GetProperty("total").GetInt32());
        foreach (var host in _hosts)
        {
            if (AccessOf(person, host) == HostAccess.None)
            {
                Assert.Contains("not found", await person.Browser.InvokeRefusedAsync("WatchHost", host.Enrolled.Id), StringComparison.Ordinal);
                continue;
            }

            var view = await person.Browser.InvokeAsync("WatchHost", host.Enrolled.Id);
            Assert.Equal(AccessOf(person, host).ToString(), view.GetProperty("access").GetString(), ignoreCase: true);
            person.Watched.Add(host);
        }
    }

    /// <summary>Every host reports; when that has gone to whoever may see it, nothing may have come to anybody who may not.</summary>
    private async Task CheckStreamsAsync()
    {
        await _observer.InvokeAsync("WatchFleet", new { limit = 200 });
        var awaited = new Dictionary<long, long>();
        foreach (var host in _hosts.Where(host => !host.IsDeleted))
        {
            await ReportAsync(host.Enrolled);
            awaited.Add(host.Enrolled.Id, _sequence);
        }

        while (awaited.Count > 0)
        {
            var change = await _observer.NextAsync("FleetChanged");
            foreach (var row in change.GetProperty("rows").EnumerateArray())
            {
                var id = row.GetProperty("id").GetInt64();
                if (awaited.TryGetValue(id, out var sequence) && Percent(row) >= sequence) awaited.Remove(id);
            }
        }

        foreach (var person in _people)
        {
            // Twice: what goes out together with the first sample may come after it.
            for (var i = 0; i < 2; i++) await CheckUntilAsync(person, await ReportAsync(person.Beacon));
        }
    }

    /// <summary>Reads what has come until the sample of one's own host.</summary>
    private async Task CheckUntilAsync(Person person, long at)
    {
        var hidden = _hosts.Except(Visible(person)).ToDictionary(host => host.Enrolled.Id, host => person.LostAt.GetValueOrDefault(host.Enrolled.Id));
        while (true)
        {
            var (method, argument) = await person.Browser.NextAsync(() => $"the sample of {person.User.Name}'s own host");
            Assert.False(IsLeak(method, argument, hidden), $"{person.User.Name} was sent {method} {argument}");
            if (method == "HostSamples" && argument.GetProperty("id").GetInt64() == person.Beacon.Id && argument.GetProperty("samples").EnumerateArray().Last().GetProperty("at").GetInt64() == at) return;
        }
    }

    /// <summary>
    /// The page hears of a loss a moment later than the host's own feed, so that a row of before may still come. Each report brings its number as the CPU's percent: a
    /// row with a later one tells what happened since.
    /// </summary>
    private static bool IsLeak(string method, JsonElement argument, Dictionary<long, long> hidden) => method switch
    {
        "FleetChanged" => argument.GetProperty("rows").EnumerateArray().Any(row => hidden.TryGetValue(row.GetProperty("id").GetInt64(), out var lostAt) && Percent(row) > lostAt),
        "HostSamples" or "HostStatus" => hidden.ContainsKey(argument.GetProperty("id").GetInt64()),
        _ => false,
    };

    private static double? Percent(JsonElement row) => row.GetProperty("cpuPercent") is { ValueKind: JsonValueKind.Number } percent ? percent.GetDouble() : null;

    private static (long, string?)[] Rows(JsonElement page, Func<long, bool> isOurs) =>
        [.. page.GetProperty("rows").EnumerateArray().Select(row => (Id: row.GetProperty("id").GetInt64(), Access: row.GetProperty("access").GetString())).Where(row => isOurs(row.Id)).OrderBy(row => row.Id)];

    private (long, string?)[] Expected(Person person) =>
        [.. Visible(person).Select(host => (host.Enrolled.Id, (string?)AccessOf(person, host).ToString().ToLowerInvariant())).OrderBy(row => row.Id)];

    private static string Name(Person person) => Uri.EscapeDataString(person.User.Name);

    private async Task<long> ReportAsync(EnrolledHost host)
    {
        var at = ReportJson.Now() + ++_sequence;
        await host.ReportAsync(ReportJson.Report(_sequence, at, $$"""{"cpu.percent":{{_sequence}}}"""));
        return at;
    }

    private async Task ChangeAsync(Person person, string change)
    {
        var answer = await _server.Admin.SendAsync(HttpMethod.Patch, $"/api/v1/users/{person.User.Id}", change);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    private async Task ConnectAsync(Person person)
    {
        person.Browser = await HubClient.ConnectAsync(_server, @as: person.User);
        person.Watched.Clear();
        await person.Browser.InvokeAsync("WatchHost", person.Beacon.Id);
        await person.Browser.InvokeAsync("WatchFleet", new { limit = 200 });
        foreach (var host in Visible(person))
        {
            await person.Browser.InvokeAsync("WatchHost", host.Enrolled.Id);
            person.Watched.Add(host);
        }
    }

    private sealed class Person(SignedIn user, EnrolledHost beacon)
    {
        public SignedIn User { get; set; } = user;

        public EnrolledHost Beacon { get; } = beacon;

        public HubClient Browser { get; set; } = null!;

        public bool IsAdministrator { get; set; }

        /// <summary>Number of the last report before it lost sight of a host, by the host's id.</summary>
        public Dictionary<long, long> LostAt { get; } = [];

        /// <summary>Hosts its browser watches.</summary>
        public HashSet<ModelHost> Watched { get; } = [];
    }

    private sealed class ModelHost(EnrolledHost enrolled, Person owner)
    {
        public EnrolledHost Enrolled { get; } = enrolled;

        public Person Owner { get; set; } = owner;

        public Dictionary<Person, HostAccess> Shares { get; } = [];

        public bool IsDeleted { get; set; }
    }
}
