using System.Globalization;
using System.Net;
using StatusMonitor.Gateway.Tests.Alerts;
using StatusMonitor.Gateway.Tests.Standby;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>
/// Two silos and two gateways under load, and whether in the end what was acknowledged is in the history, once and with its values, each change of an alert was told, and told once.
/// </summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    private const int Members = 2;
    private const int Hosts = 6;

    // Fewer than it has loads that may change.
    private const int ChangesOfAHost = 250;

    private readonly Folder _folder;
    private readonly ChannelStandIn _channel;
    private readonly AlertStory _story;
    private readonly EitherServer _either;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reporting;
    private readonly ITestOutputHelper _output;

    private LoadedCluster(PostgresCluster postgres, ClusterProcesses processes, Folder folder, ChannelStandIn channel, AlertStory story, TimeSpan pause, ITestOutputHelper output)
    {
        (Postgres, Processes, _folder, _channel, _story, _output) = (postgres, processes, folder, channel, story, output);
        _either = new EitherServer(Members, pause);
        for (var i = 0; i < Members; i++) _either.Set(i, processes.Addresses[i]);
        _http = new HttpClient(_either, disposeHandler: false) { BaseAddress = processes.Addresses[0], Timeout = Timeout.InfiniteTimeSpan };
        _reporting = _story.RunAsync(_http, () => { }, _end.Token);
    }

    public PostgresCluster Postgres { get; }

    public ClusterProcesses Processes { get; }

    public int Acknowledged => _story.Machines.Sum(machine => machine.Acknowledged.Count);

    /// <summary>How long it took until reports of all hosts were taken again, by what had happened, and how long for each of them.</summary>
    public List<(string What, TimeSpan Took, IReadOnlyList<TimeSpan> OfHosts)> Recoveries { get; } = [];

    /// <param name="name">Of the database.</param>
    /// <param name="seed">Of what changes when.</param>
    /// <param name="output">Told the figures.</param>
    /// <param name="length">For a load that has to last: the hosts report less often, and their alerts have not all been over before.</param>
    public static async Task<LoadedCluster> StartAsync(string name, int seed, ITestOutputHelper output, TimeSpan? length = null)
    {
        var pause = length is null ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromMilliseconds(200);
        var changes = length is null ? 0.75 : Math.Min(0.75, ChangesOfAHost * (pause / length.Value));
        var postgres = new PostgresCluster();
        var folder = new Folder();
        var channel = await ChannelStandIn.StartAsync();
        ClusterProcesses? processes = null;
        try
        {
            var database = postgres.EmptyDatabase(name);
            var story = await AlertStory.PrepareAsync(channel, folder, Hosts, seed, database, watchesOffline: true, changes);
            processes = await ClusterProcesses.StartAsync(name, database, Members, Members);
            var loaded = new LoadedCluster(postgres, processes, folder, channel, story, pause, output);
            await Patience.Until(() => Task.FromResult(story.Machines.All(machine => machine.Acknowledged.Count >= 20)), () => $"20 reports of each host; the servers said:\n{processes.Output}");
            return loaded;
        }
        catch
        {
            processes?.Dispose();
            await channel.DisposeAsync();
            postgres.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A silo dies, and its supervisor starts another.</summary>
    public async Task KillSiloAsync(int silo)
    {
        await MeasureAsync("a silo was killed", () => Processes.Silos[silo].KillAsync());
        await Processes.RestartSiloAsync(silo);
    }

    public async Task KillGatewayAsync(int gateway)
    {
        await MeasureAsync("a gateway was killed", () => Processes.Gateways[gateway].KillAsync());
        await RestartGatewayAsync(gateway);
    }

    /// <summary>A silo stands still for so long; when it goes on the others have given it up, and it ends.</summary>
    public async Task FreezeSiloAsync(int silo, TimeSpan howLong)
    {
        await MeasureAsync("a silo was frozen", () =>
        {
            Processes.Silos[silo].Freeze();
            return Task.CompletedTask;
        });
        await Task.Delay(howLong);
        Processes.Silos[silo].Thaw();
        await Processes.Silos[silo].EndAsync();
        await Processes.RestartSiloAsync(silo);
    }

    /// <summary>The database is away; meanwhile reports are refused with 503, a time to come back, and no gateway is ready.</summary>
    public async Task TakeDatabaseAwayAsync(TimeSpan howLong)
    {
        Postgres.Kill();
        using var http = new HttpClient { BaseAddress = Processes.Addresses[0] };
        await Patience.Until(
            async () =>
            {
                using var ready = await http.GetAsync("/health/ready");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            () => $"a gateway that is not ready; it said:\n{Processes.Gateways[0].Output}");
        using (var live = await http.GetAsync("/health/live")) Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var refused = _either.Refused;
        await Patience.Until(() => Task.FromResult(_either.Refused > refused), () => $"a report that is refused; the servers said:\n{Processes.Output}");
        await Task.Delay(howLong);
        await MeasureAsync("the database came back", () =>
        {
            Postgres.Start();
            return Task.CompletedTask;
        });
    }

    /// <summary>All silos and gateways are told to end and started again, one after the other, as for an upgrade.</summary>
    public async Task RestartAllAsync()
    {
        for (var i = 0; i < Members; i++)
        {
            await MeasureAsync("a silo was told to end", () => EndAsync(Processes.Silos[i]));
            await Processes.RestartSiloAsync(i);
        }

        for (var i = 0; i < Members; i++)
        {
            await MeasureAsync("a gateway was told to end", () => EndAsync(Processes.Gateways[i]));
            await RestartGatewayAsync(i);
        }
    }

    /// <summary>Ends the load and looks at everything.</summary>
    /// <param name="isNobodyOffline">Whether no host may have been called offline: the servers could hear them all the time.</param>
    public async Task VerifyAsync(bool isNobodyOffline)
    {
        await _end.CancelAsync();
        await Patience.For(_reporting, () => $"the end of the reports; the servers said:\n{Processes.Output}");
        using (var admin = await SignedIn.InAsync(Processes.Addresses[0], "admin", _story.Password))
        {
            // Now: those that are calmed last are silent meanwhile.
            var offline = (await admin.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/incidents?rule={_story.OfflineRule}&limit=500"))).Json.GetProperty("incidents").GetArrayLength();
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{offline} times a host was called offline"));
            if (isNobodyOffline) Assert.Equal(0, offline);

            await _story.CalmAsync(_http, () => Processes.Output);
            var (told, untold) = await _story.VerifyAsync(admin, () => Processes.Output);
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Acknowledged} reports acknowledged; {told + untold} incidents: {told} told of when they began and when they were over, {untold} over before anybody was told; {_channel.Repeats} messages came twice"));
            Assert.True(told > 10, "Hardly anything was told; the test has tried nothing.");
        }

        Assert.Equal(0, _either.RefusedForGood);
        foreach (var kind in Recoveries.GroupBy(recovery => recovery.What))
        {
            var all = kind.Select(recovery => recovery.Took.TotalSeconds).Order().ToArray();
            var hosts = kind.SelectMany(recovery => recovery.OfHosts).Select(took => took.TotalSeconds).Order().ToArray();
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Key} {all.Length} times: reports of all hosts were taken again after {Quantile(all, 0.5):0.0} s (p50), {Quantile(all, 0.99):0.0} s (p99), {all[^1]:0.0} s (longest); of one host after {Quantile(hosts, 0.5):0.0} s, {Quantile(hosts, 0.99):0.0} s, {hosts[^1]:0.0} s"));
        }

        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_either.Tries} requests sent, {_either.Refused} refused with 503; {Acknowledged} reports acknowledged; {AlertStory.Twice(Processes.Database)} rows of the raw journal stand there twice"));
        var found = await _story.VerifyHistoryAsync(Processes.Database, isOneWriter: false);
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found} found, each once and with its values, and nothing else"));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Processes.Dispose();
        _http.Dispose();
        _either.Dispose();
        await _channel.DisposeAsync();
        Postgres.Dispose();
        _folder.Dispose();
        _end.Dispose();
    }

    private async Task RestartGatewayAsync(int gateway)
    {
        await Processes.RestartGatewayAsync(gateway);
        _either.Set(gateway, Processes.Addresses[gateway]);
    }

    private static async Task EndAsync(ServerProcess process)
    {
        process.Terminate();
        Assert.Equal(0, await process.EndAsync());
    }

    /// <summary>Until each host was answered, and once more: the first of these may have been on its way before.</summary>
    private async Task MeasureAsync(string what, Func<Task> happen)
    {
        var began = TimeProvider.System.GetTimestamp();
        await happen();
        var waiting = _story.Machines.ToDictionary(machine => machine, machine => machine.Acknowledged.Count);
        var took = new List<TimeSpan>();
        await Patience.Until(
            () =>
            {
                _story.CheckAnswers(() => Processes.OutputOfAll);
                foreach (var machine in waiting.Where(host => host.Key.Acknowledged.Count > host.Value + 1).Select(host => host.Key).ToList())
                {
                    took.Add(TimeProvider.System.GetElapsedTime(began));
                    waiting.Remove(machine);
                }

                return Task.FromResult(waiting.Count == 0);
            },
            () => $"an answer to the hosts {string.Join(", ", waiting.Keys.Select(machine => machine.Id))} after {what}; the servers said:\n{Processes.Output}",
            TimeSpan.FromMinutes(1));
        Recoveries.Add((what, took[^1], took));
    }

    /// <summary>The smallest of them that so large a part of all is not above.</summary>
    private static double Quantile(double[] sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
}
