using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace StatusMonitor.Benchmarks;

/// <summary>One thread for all connections, so that making the load costs little beside the server.</summary>
internal sealed class ReportLoad
{
    private long _reports;

    public volatile bool Measuring;
    public volatile bool Stopped;

    public long Reports => Interlocked.Read(ref _reports);

    public long Refused { get; private set; }

    public List<double> Latencies { get; } = [];

    public void Drive(ReportConnection[] connections, int reportsPerRequest)
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
internal sealed class ReportConnection
{
    /// <summary>Requests made beforehand for each host, so that making them costs nothing while it is measured; only the times are written in.</summary>
    private const int RequestsPerHost = 16;

    private readonly ReportRequest[][] _requests;
    private readonly int _reportsPerRequest;
    private readonly long _at;
    private readonly byte[] _answer = new byte[4096];
    private long _sent;
    private long _sentAt;
    private int _received;

    public ReportConnection(int port, string[] tokens, int firstHost, int reportsPerRequest)
    {
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect("127.0.0.1", port);
        _reportsPerRequest = reportsPerRequest;
        _at = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds() + firstHost;
        _requests = tokens.Select((token, i) =>
        {
            var walk = new HostWalk(firstHost + i);
            return Enumerable.Range(0, RequestsPerHost).Select(_ => ReportRequest.Make(token, walk, reportsPerRequest)).ToArray();
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

/// <summary>A request with reports of one host, made once and sent again with other times.</summary>
internal sealed class ReportRequest(byte[] bytes, int[] times, int bytesPerReport)
{
    private const string Time = "2000-01-01T00:00:00.000Z";

    public byte[] Bytes { get; } = bytes;

    public int BytesPerReport { get; } = bytesPerReport;

    public static ReportRequest Make(string token, HostWalk walk, int reports)
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
        return new ReportRequest(Encoding.ASCII.GetBytes(text), [.. times], body.Length / reports);
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
