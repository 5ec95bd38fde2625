using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// Agents of a fleet, each of which reports once in an interval, evenly spread over it. They share some keep-alive connections; one that cannot keep up sends late and says how late, and leaves nothing out.
/// </summary>
internal sealed class FleetLoad : IAsyncDisposable
{
    private const int Connections = 400;
    private const int Bodies = 512;
    private const string Time = "2000-01-01T00:00:00.000Z";

    private readonly IPEndPoint _server;
    private readonly TimeSpan _interval;
    private readonly byte[][] _heads;
    private readonly byte[][] _bodies;
    private readonly int _timeAt;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _driving;
    private readonly long _started = Stopwatch.GetTimestamp();
    private ConcurrentBag<(double Late, double Answered)> _measured = [];
    private long _accepted;
    private long _refused;

    public FleetLoad(int port, IReadOnlyList<string> tokens, TimeSpan interval)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        _interval = interval;
        _bodies = [.. Enumerable.Range(0, Bodies).Select(i => Encoding.ASCII.GetBytes(Body(new HostWalk(i), interval)))];
        _timeAt = Encoding.ASCII.GetString(_bodies[0]).IndexOf(Time, StringComparison.Ordinal);
        _heads = [.. tokens.Select(token => Encoding.ASCII.GetBytes($"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Agent-Token: {token}\r\nContent-Type: application/json\r\nContent-Length: "))];
        _driving = [.. Enumerable.Range(0, Math.Min(Connections, tokens.Count)).Select(first => Task.Run(() => DriveAsync(first)))];
    }

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    public static string Body(HostWalk walk, TimeSpan interval) =>
        $$$"""{"reports":[{"seq":1,"bootId":"0f0e0d0c-0b0a-4908-8706-050403020100","at":"{{{Time}}}","interval":{{{interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)}}},"samples":{{{{walk.Next()}}}}}]}""";

    /// <summary>By how much reports were sent late, and after how long they were answered, since the last time; milliseconds, sorted.</summary>
    public (double[] Late, double[] Answered) TakeMeasured()
    {
        var measured = Interlocked.Exchange(ref _measured, []).ToArray();
        return ([.. measured.Select(one => one.Late).Order()], [.. measured.Select(one => one.Answered).Order()]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_driving);
        _stop.Dispose();
    }

    private async Task DriveAsync(int first)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_server);
        var (request, answer) = (new byte[4096], new byte[4096]);
        try
        {
            for (var round = 0; ; round++)
            {
                for (var host = first; host < _heads.Length; host += _driving.Length)
                {
                    var due = (round + (double)host / _heads.Length) * _interval;
                    var wait = due - Stopwatch.GetElapsedTime(_started);
                    if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait, _stop.Token);
                    _stop.Token.ThrowIfCancellationRequested();

                    var sent = Stopwatch.GetTimestamp();
                    await socket.SendAsync(Request(request, host, round));
                    for (var received = 0; received == 0 || answer[received - 1] != (byte)'}';)
                    {
                        var more = await socket.ReceiveAsync(answer.AsMemory(received));
                        if (more == 0) throw new InvalidOperationException("The server closed an agent's connection.");
                        received += more;
                    }

                    if (answer.AsSpan(9, 3).SequenceEqual("200"u8)) Interlocked.Increment(ref _accepted);
                    else Interlocked.Increment(ref _refused);
                    _measured.Add((Math.Max(0, (Stopwatch.GetElapsedTime(_started, sent) - due).TotalMilliseconds), Stopwatch.GetElapsedTime(sent).TotalMilliseconds));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private ReadOnlyMemory<byte> Request(byte[] buffer, int host, int round)
    {
        // Another body each time, so that orders by a value move as they do in a fleet.
        var (head, body) = (_heads[host], _bodies[(host * 31 + round) % Bodies]);
        head.CopyTo(buffer, 0);
        var length = head.Length;
        body.Length.TryFormat(buffer.AsSpan(length), out var digits, default, CultureInfo.InvariantCulture);
        "\r\n\r\n"u8.CopyTo(buffer.AsSpan(length += digits));
        body.CopyTo(buffer, length += 4);
        DateTime.UtcNow.TryFormat(buffer.AsSpan(length + _timeAt), out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return buffer.AsMemory(0, length + body.Length);
    }
}
