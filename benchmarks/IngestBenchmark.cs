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
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        foreach (var reportsPerRequest in new[] { 1, 64 }) await RunAsync(TimeSpan.FromSeconds(seconds), reportsPerRequest);
        return 0;
    }

    private static async Task RunAsync(TimeSpan duration, int reportsPerRequest)
    {
        await using var server = await ServerProcess.StartAsync();
        var tokens = new string[Hosts];
        for (var i = 0; i < Hosts; i++) tokens[i] = (await server.AddHostAsync($"host-{i:0000}")).Token;

        var load = new Load();
        var perConnection = Hosts / Connections;
        var connections = Enumerable.Range(0, Connections)
            .Select(c => Task.Factory.StartNew(() => load.Drive(server.Address.Port, tokens[(c * perConnection)..((c + 1) * perConnection)], c * perConnection, reportsPerRequest), TaskCreationOptions.LongRunning))
            .ToArray();

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
        await Task.WhenAll(connections);

        var latencies = load.Latencies.Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ingest, {reportsPerRequest,2} reports of {load.BytesPerReport} bytes a request: {reports / cpu.TotalSeconds,9:n0} reports per CPU second; {reports / wall.TotalSeconds:n0} per second; p50 {Percentile(latencies, 0.50):0.00} ms, p99 {Percentile(latencies, 0.99):0.00} ms, max {latencies[^1]:0.0} ms; {load.Refused} refused"));
    }

    private static double Percentile(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];

    private sealed class Load
    {
        private readonly Lock _gate = new();
        private long _reports;
        private long _refused;

        public volatile bool Measuring;
        public volatile bool Stopped;

        public long Reports => Interlocked.Read(ref _reports);

        public long Refused => Interlocked.Read(ref _refused);

        public int BytesPerReport { get; private set; }

        public List<double> Latencies { get; } = [];

        /// <summary>One connection: posts for its hosts in turn until it is stopped.</summary>
        public void Drive(int port, string[] tokens, int firstHost, int reportsPerRequest)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", port);
            var walks = tokens.Select((_, i) => new HostWalk(firstHost + i)).ToArray();

            // Made beforehand, so that making them costs the machine nothing while it is measured; only the times are written in.
            var requests = tokens.Select((token, i) => Enumerable.Range(0, 16).Select(_ => Request.Make(token, walks[i], reportsPerRequest)).ToArray()).ToArray();
            BytesPerReport = requests[0][0].BytesPerReport;
            var at = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds() + firstHost;
            var answer = new byte[4096];
            var latencies = new List<double>();
            for (long round = 0; !Stopped; round++)
            {
                for (var host = 0; host < tokens.Length && !Stopped; host++)
                {
                    var request = requests[host][round % 16];
                    request.Stamp(at + round * reportsPerRequest * 1000);
                    var started = Stopwatch.GetTimestamp();
                    socket.Send(request.Bytes);
                    var received = 0;
                    // Every answer is one small segment, ended by its closing brace.
                    do received += socket.Receive(answer, received, answer.Length - received, SocketFlags.None);
                    while (answer[received - 1] != (byte)'}');

                    if (answer.AsSpan(9, 3).SequenceEqual("200"u8)) Interlocked.Add(ref _reports, reportsPerRequest);
                    else Interlocked.Increment(ref _refused);
                    if (Measuring) latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            lock (_gate) Latencies.AddRange(latencies);
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
