using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Benchmarks;

/// <summary>A browser that watches a page of the fleet, and asks for it again when it is told to, as the dashboard does.</summary>
internal sealed class FleetBrowser : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket = new();
    private readonly string _query;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Stopwatch _clock = new();
    private TaskCompletionSource _page = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private bool _isAskingAgain;
    private long _frames;
    private long _rows;
    private long _bytes;

    private FleetBrowser(string query) => _query = query;

    /// <summary>From opening the connection to having the page.</summary>
    public TimeSpan FirstPage { get; private set; }

    public int Resyncs { get; private set; }

    public double FramesPerSecond => _frames / _clock.Elapsed.TotalSeconds;

    public double RowsPerSecond => _rows / _clock.Elapsed.TotalSeconds;

    public double BytesPerSecond => _bytes / _clock.Elapsed.TotalSeconds;

    public static async Task<FleetBrowser> OpenAsync(ServerProcess server, string query)
    {
        var browser = new FleetBrowser(query);
        var token = await server.GetAccessTokenAsync();
        var started = Stopwatch.GetTimestamp();
        await browser._socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/hubs/live?access_token={token}"), CancellationToken.None);
        browser._reading = Task.Run(browser.ReadAsync);
        await browser.SendAsync("""{"protocol":"json","version":1}""");
        await browser.WatchAsync();
        browser.FirstPage = Stopwatch.GetElapsedTime(started);
        browser._clock.Start();
        return browser;
    }

    /// <summary>Milliseconds of another call for the same page.</summary>
    public async Task<double> WatchAgainAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await WatchAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        _clock.Stop();
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task WatchAsync()
    {
        var page = _page = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync($$"""{"type":1,"invocationId":"1","target":"WatchFleet","arguments":[{{_query}}]}""");
        await page.Task;
    }

    private async Task SendAsync(string message)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        var text = new StringBuilder();
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close) return;
            _bytes += result.Count;
            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            if (!result.EndOfMessage) continue;
            foreach (var frame in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries)) Take(frame);
            text.Clear();
        }
    }

    private void Take(string frame)
    {
        using var message = JsonDocument.Parse(frame);
        if (message.RootElement.TryGetProperty("error", out var error)) throw new InvalidOperationException(error.GetString());
        if (message.RootElement.TryGetProperty("invocationId", out _)) _page.TrySetResult();
        if (!message.RootElement.TryGetProperty("target", out var target)) return;
        if (target.GetString() == "FleetChanged")
        {
            _frames++;
            _rows += message.RootElement.GetProperty("arguments")[0].GetProperty("rows").GetArrayLength();
        }

        if (target.GetString() != "Resync") return;
        Resyncs++;
        if (_isAskingAgain) return;
        _isAskingAgain = true;
        _ = AskAgainAsync();
    }

    private async Task AskAgainAsync()
    {
        await Task.Delay(AskAgainAfter);
        _isAskingAgain = false;
        if (_socket.State == WebSocketState.Open) await WatchAsync();
    }
}
