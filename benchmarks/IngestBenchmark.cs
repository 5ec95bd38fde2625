using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

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
        (ServerProcess Server, Connection[] Connections, List<double> Rates)[] sides = [(own, await ConnectAsync(own, 1), []), (other, await ConnectAsync(other, 1), [])];
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

    private static async Task<double> TurnAsync(ServerProcess server, Connection[] connections, TimeSpan duration)
    {
        var load = new Load();
        var cpu = server.CpuTime;
        var driving = Task.Factory.StartNew(() => load.Drive(connections, 1), TaskCreationOptions.LongRunning);
        await Task.Delay(duration);
        load.Stopped = true;
        await driving;
        return load.Reports / (server.CpuTime - cpu).TotalSeconds;
    }

    private static async Task<Connection[]> ConnectAsync(ServerProcess server, int reportsPerRequest)
    {
        var tokens = new string[Hosts];
        for (var i = 0; i < Hosts; i++) tokens[i] = (await server.AddHostAsync($"host-{i:0000}")).Token;
        const int PerConnection = Hosts / Connections;
        return Enumerable.Range(0, Connections)
            .Select(c => new Connection(server.Address.Port, tokens[(c * PerConnection)..((c + 1) * PerConnection)], c * PerConnection, reportsPerRequest))
            .ToArray();
    }

    private static async Task RunAsync(TimeSpan duration, int reportsPerRequest)
    {
        await using var server = await ServerProcess.StartAsync();
        var load = new Load();
        var connections = await ConnectAsync(server, reportsPerRequest);
        var driving = Task.Factory.StartNew(() => load.Drive(connections, reportsPerRequest), TaskCreationOptions.LongRunning);

        await Task.Delay(WarmUp);
        load.Measuring = true;
        var cpu = server.CpuTime;
        var reports = load.Reports;
        var clock = Stopwatch.StartNew();
        await Task.Delay(duration);
        load.Measuring = false;
        var wall = clock.Elapsed;
        cpu = server.CpuTime - cpu;
        reports = load.Reports - reports;
        load.Stopped = true;
        await driving;
        foreach (var connection in connections) connection.Socket.Dispose();

        var latencies = load.Latencies.Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ingest, {reportsPerRequest,2} reports of {connections[0].BytesPerReport} bytes a request: {reports / cpu.TotalSeconds,9:n0} reports per CPU second; {reports / wall.TotalSeconds:n0} per second; p50 {Percentile(latencies, 0.50):0.00} ms, p99 {Percentile(latencies, 0.99):0.00} ms, max {latencies[^1]:0.0} ms; {load.Refused} refused"));
    }

    private static double Percentile(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];

    /// <summary>One thread for all connections, so that making the load costs little beside the server.</summary>
    private sealed class Load
    {
        private long _reports;

        public volatile bool Measuring;
        public volatile bool Stopped;

        public long Reports => Interlocked.Read(ref _reports);

        public long Refused { get; private set; }

        public List<double> Latencies { get; } = [];

        public void Drive(Connection[] connections, int reportsPerRequest)
        {
            var bySocket = connections.ToDictionary(connection => connection.Socket);
            foreach (var connection in connections) connection.Send();
            var ready = new List<Socket>();
            var answered = 0;
            while (answered < connections.Length)
            {
                ready.Clear();
                ready.AddRange(bySocket.Keys);
                Socket.Select(ready, null, null, TimeSpan.FromSeconds(1));
                foreach (var socket in ready)
                {
                    var connection = bySocket[socket];
                    if (!connection.TryReceive(out var isAccepted)) continue;
                    if (isAccepted) Interlocked.Add(ref _reports, reportsPerRequest);
                    else Refused++;
                    if (Measuring) Latencies.Add(connection.Elapsed.TotalMilliseconds);
                    // Stopped, it takes the answers that are still to come, so that the connections can be driven again.
                    if (Stopped) answered++;
                    else connection.Send();
                }
            }
        }
    }

    /// <summary>A keep-alive connection that posts for its hosts in turn, the next request when the answer to the one before is there.</summary>
    private sealed class Connection
    {
        /// <summary>Requests made beforehand for each host, so that making them costs nothing while it is measured; only the times are written in.</summary>
        private const int RequestsPerHost = 16;

        private readonly Request[][] _requests;
        private readonly int _reportsPerRequest;
        private readonly long _at;
        private readonly byte[] _answer = new byte[4096];
        private long _sent;
        private long _sentAt;
        private int _received;

        public Connection(int port, string[] tokens, int firstHost, int reportsPerRequest)
        {
            Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Socket.Connect("127.0.0.1", port);
            _reportsPerRequest = reportsPerRequest;
            _at = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds() + firstHost;
            _requests = tokens.Select((token, i) =>
            {
                var walk = new HostWalk(firstHost + i);
                return Enumerable.Range(0, RequestsPerHost).Select(_ => Request.Make(token, walk, reportsPerRequest)).ToArray();
            }).ToArray();
        }

        public Socket Socket { get; }

        public int BytesPerReport => _requests[0][0].BytesPerReport;

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_sentAt);

        public void Send()
        {
            var (round, host) = Math.DivRem(_sent++, _requests.Length);
            var request = _requests[host][round % RequestsPerHost];
            request.Stamp(_at + round * _reportsPerRequest * 1000);
            _sentAt = Stopwatch.GetTimestamp();
            Socket.Send(request.Bytes);
        }

        /// <summary>Takes what has arrived; false until the answer is whole, which its closing brace shows.</summary>
        public bool TryReceive(out bool isAccepted)
        {
            _received += Socket.Receive(_answer, _received, _answer.Length - _received, SocketFlags.None);
            isAccepted = _answer.AsSpan(9, 3).SequenceEqual("200"u8);
            if (_answer[_received - 1] != (byte)'}') return false;
            _received = 0;
            return true;
        }
    }

    private sealed class Request(byte[] bytes, int[] times, int bytesPerReport)
    {
        private const string Time = "2000-01-01T00:00:00.000Z";

        public byte[] Bytes { get; } = bytes;

        public int BytesPerReport { get; } = bytesPerReport;

        public static Request Make(string token, HostWalk walk, int reports)
        {
            var body = new StringBuilder("{\"reports\":[");
            for (var i = 0; i < reports; i++)
            {
                body.Append(i == 0 ? "" : ",").Append("{\"seq\":1,\"bootId\":\"0f0e0d0c-0b0a-4908-8706-050403020100\",\"at\":\"").Append(Time).Append("\",\"interval\":5,\"samples\":{").Append(walk.Next()).Append("}}");
            }

            body.Append("]}");
            var text = $"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Agent-Token: {token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
            var times = new List<int>();
            for (var at = text.IndexOf(Time, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Time, at + 1, StringComparison.Ordinal)) times.Add(at);
            return new Request(Encoding.ASCII.GetBytes(text), [.. times], body.Length / reports);
        }

        /// <summary>Writes the collection times, a second apart.</summary>
        public void Stamp(long first)
        {
            for (var i = 0; i < times.Length; i++)
            {
                DateTimeOffset.FromUnixTimeMilliseconds(first + i * 1000).UtcDateTime.TryFormat(Bytes.AsSpan(times[i]), out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            }
        }
    }
}
