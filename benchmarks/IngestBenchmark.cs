using System.Diagnostics;
using System.Globalization;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// Durable reports per second of the server's own CPU time: token check, grain, ring, journal with fsync. The load comes over 32 keep-alive
/// connections, each with the next request as soon as the answer is there.
/// </summary>
internal static class IngestBenchmark
{
    private const int Connections = 32;
    private const int Hosts = 1_000;

    // Until the runtime has compiled what is hot for the last time: on two busy cores that takes a sixth of the server's time for half a minute, once in its life.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        foreach (var reportsPerRequest in new[] { 1, 64 }) await RunAsync(TimeSpan.FromSeconds(seconds), reportsPerRequest);
        return 0;
    }

    /// <summary>
    /// This build's server against another's, both up, in turns of 3 s under the same load of single reports: what a change costs, on a machine
    /// whose speed moves more than the change does.
    /// </summary>
    public static async Task<int> CompareAsync(string[] args)
    {
        var turns = Math.Max(2, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 12);
        await using var own = await ServerProcess.StartAsync();
        await using var other = await ServerProcess.StartOtherAsync(args[0]);
        (ServerProcess Server, ReportConnection[] Connections, List<double> Rates)[] sides = [(own, await ConnectAsync(own, 1), []), (other, await ConnectAsync(other, 1), [])];
        foreach (var side in sides) await TurnAsync(side.Server, side.Connections, WarmUp);
        for (var turn = 0; turn < turns; turn++)
        {
            // Who begins changes, so that a machine that becomes slower or faster does not favour one.
            foreach (var side in turn % 2 == 0 ? sides : [sides[1], sides[0]]) side.Rates.Add(await TurnAsync(side.Server, side.Connections, Turn));
        }

        var ratios = sides[0].Rates.Zip(sides[1].Rates, (one, two) => one / two).Order().ToArray();
        var mean = ratios.Average();
        var error = Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (turns - 1) / turns);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"reports per CPU second, medians of {turns} turns: this build {Percentile([.. sides[0].Rates.Order()], 0.5):n0}, the other {Percentile([.. sides[1].Rates.Order()], 0.5):n0}; ratio {Percentile(ratios, 0.5):0.000}, quartiles {Percentile(ratios, 0.25):0.000} and {Percentile(ratios, 0.75):0.000}, mean {mean:0.000} ± {error:0.000}"));
        return 0;
    }

    private static async Task<double> TurnAsync(ServerProcess server, ReportConnection[] connections, TimeSpan duration)
    {
        var load = new ReportLoad();
        var cpu = server.CpuTime;
        var driving = Task.Factory.StartNew(() => load.Drive(connections, 1), TaskCreationOptions.LongRunning);
        await Task.Delay(duration);
        load.Stopped = true;
        await driving;
        return load.Reports / (server.CpuTime - cpu).TotalSeconds;
    }

    private static async Task<ReportConnection[]> ConnectAsync(ServerProcess server, int reportsPerRequest)
    {
        var tokens = new string[Hosts];
        for (var i = 0; i < Hosts; i++) tokens[i] = (await server.AddHostAsync($"host-{i:0000}")).Token;
        const int PerConnection = Hosts / Connections;
        return Enumerable.Range(0, Connections)
            .Select(c => new ReportConnection(server.Address.Port, tokens[(c * PerConnection)..((c + 1) * PerConnection)], c * PerConnection, reportsPerRequest))
            .ToArray();
    }

    private static async Task RunAsync(TimeSpan duration, int reportsPerRequest)
    {
        await using var server = await ServerProcess.StartAsync();
        await MeasureAsync("ingest", server, () => server.CpuTime, duration, reportsPerRequest);
    }

    /// <summary>Drives a server for a while and prints what it took in.</summary>
    /// <param name="name">What the line begins with.</param>
    /// <param name="server">Where agents and people go.</param>
    /// <param name="spent">CPU time so far of all that is to be counted.</param>
    /// <param name="duration">For how long, after the warm-up.</param>
    /// <param name="reportsPerRequest">1, or as many as an agent that catches up.</param>
    public static async Task MeasureAsync(string name, ServerProcess server, Func<TimeSpan> spent, TimeSpan duration, int reportsPerRequest)
    {
        var load = new ReportLoad();
        var connections = await ConnectAsync(server, reportsPerRequest);
        var driving = Task.Factory.StartNew(() => load.Drive(connections, reportsPerRequest), TaskCreationOptions.LongRunning);

        await Task.Delay(WarmUp);
        load.Measuring = true;
        var cpu = spent();
        var reports = load.Reports;
        var clock = Stopwatch.StartNew();
        await Task.Delay(duration);
        load.Measuring = false;
        var wall = clock.Elapsed;
        cpu = spent() - cpu;
        reports = load.Reports - reports;
        load.Stopped = true;
        await driving;
        foreach (var connection in connections) connection.Socket.Dispose();

        var latencies = load.Latencies.Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}, {reportsPerRequest,2} reports of {connections[0].BytesPerReport} bytes a request: {reports / cpu.TotalSeconds,9:n0} reports per CPU second; {reports / wall.TotalSeconds:n0} per second; p50 {Percentile(latencies, 0.50):0.00} ms, p99 {Percentile(latencies, 0.99):0.00} ms, max {latencies[^1]:0.0} ms; {load.Refused} refused"));
    }

    private static double Percentile(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];
}
