using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Benchmarks;

/// <summary>Time from the moment an agent begins to post a report to the moment the watching browser's SignalR frame with it has arrived; one host, idle server.</summary>
internal static class LiveBenchmark
{
    private const char End = '\u001e';

    public static async Task<int> RunAsync(string[] args)
    {
        var reports = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500;
        await using var server = await ServerProcess.StartAsync();
        var (id, token) = await server.AddHostAsync("watched");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/hubs/live?access_token={await server.GetAccessTokenAsync()}"), CancellationToken.None);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"WatchHost","arguments":[{{id}}]}""");

        var arrived = new ConcurrentDictionary<long, TaskCompletionSource<long>>();
        var watching = new TaskCompletionSource();
        var reading = ReadAsync(socket, watching, arrived);
        await watching.Task;

        var walk = new HostWalk(1);
        var latencies = new List<double>();
        const int WarmUp = 100;
        for (var i = 0; i < WarmUp + reports; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            var frame = arrived.GetOrAdd(at.ToUnixTimeMilliseconds(), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports");
            request.Headers.Add("X-Agent-Token", token);
            request.Content = new StringContent(
                $$"""{"reports":[{"seq":{{i}},"bootId":"b","at":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}","interval":5,"samples":{ {{walk.Next()}} } }]}""");
            var started = Stopwatch.GetTimestamp();
            using var response = await server.Client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            var received = await frame.Task;
            if (i >= WarmUp) latencies.Add(Stopwatch.GetElapsedTime(started, received).TotalMilliseconds);
            await Task.Delay(10);
        }

        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"live, post to frame, {reports} reports: p50 {latencies[reports / 2]:0.00} ms, p99 {latencies[(int)(0.99 * (reports - 1))]:0.00} ms, max {latencies[^1]:0.00} ms"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await reading;
        return 0;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task ReadAsync(ClientWebSocket socket, TaskCompletionSource watching, ConcurrentDictionary<long, TaskCompletionSource<long>> arrived)
    {
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close) return;
            var received = Stopwatch.GetTimestamp();
            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            if (!result.EndOfMessage) continue;
            foreach (var frame in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries))
            {
                using var message = JsonDocument.Parse(frame);
                if (message.RootElement.TryGetProperty("invocationId", out _)) watching.TrySetResult();
                if (!message.RootElement.TryGetProperty("target", out var target) || target.GetString() != "HostSamples") continue;
                foreach (var sample in message.RootElement.GetProperty("arguments")[0].GetProperty("samples").EnumerateArray())
                {
                    if (arrived.TryRemove(sample.GetProperty("at").GetInt64(), out var waiting)) waiting.TrySetResult(received);
                }
            }

            text.Clear();
        }
    }
}
