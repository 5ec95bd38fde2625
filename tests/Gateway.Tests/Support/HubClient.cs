using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>
/// A browser's live connection, as little of it as there must be: SignalR's JSON protocol on a WebSocket. It reads only while somebody waits
/// for a message, so that it can also be a browser that does not keep up.
/// </summary>
internal sealed partial class HubClient : IAsyncDisposable
{
    private const byte Separator = 0x1E;
    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _waiting = new();
    private readonly ArrayBufferWriter<byte> _partial = new();
    private int _invocations;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public static async Task<HubClient> ConnectAsync(Uri server, string accessToken, bool withSmallBuffer = false)
    {
        var client = new HubClient();
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                if (withSmallBuffer) socket.ReceiveBufferSize = 4096;
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/hubs/live", Query = $"access_token={accessToken}" }.Uri, invoker, CancellationToken.None);
        await client.SendRawAsync("""{"protocol":"json","version":1}""");
        using var deadline = new CancellationTokenSource(Patience.Limit);
        var handshake = await client.ReadAsync(() => "the handshake's answer", deadline.Token);
        Assert.Equal("{}", handshake.GetRawText());
        return client;
    }

    public Task SendRawAsync(string message) =>
        _socket.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(message), Separator], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Calls the hub; what it sends meanwhile is kept for <see cref="NextAsync"/>.</summary>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        var answer = await CallAsync(method, arguments);
        Assert.False(answer.TryGetProperty("error", out var error), $"{method}: {error}");
        return answer.TryGetProperty("result", out var result) ? result : default;
    }

    /// <summary>Calls the hub, which must refuse; gives what it says.</summary>
    public async Task<string> InvokeRefusedAsync(string method, params object?[] arguments)
    {
        var answer = await CallAsync(method, arguments);
        Assert.True(answer.TryGetProperty("error", out var error), $"{method} was not refused: {answer}");
        return error.GetString()!;
    }

    /// <summary>The next thing the hub sends of itself, in the order it came.</summary>
    public async Task<(string Method, JsonElement Argument)> NextAsync(Func<string> what)
    {
        using var deadline = new CancellationTokenSource(Patience.Limit);
        return await NextAsync(what, deadline.Token);
    }

    /// <summary>The next message of a kind; others before it are passed over.</summary>
    public async Task<JsonElement> NextAsync(string method, Func<JsonElement, bool>? isWanted = null)
    {
        var seen = new List<string>();
        using var deadline = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var (got, argument) = await NextAsync(() => $"the message {method}; there were: {string.Join(", ", seen)}", deadline.Token);
            if (got == method && isWanted?.Invoke(argument) != false) return argument;
            seen.Add($"{got} {Shortened(argument.GetRawText())}");
        }
    }

    public async Task CloseAsync() => await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    /// <summary>Waits until the server has ended the connection.</summary>
    public async Task ClosedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience.Limit);
        try
        {
            while (_socket.State == WebSocketState.Open) await ReadAsync(() => "the end of the connection", deadline.Token);
        }
        catch (WebSocketException)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Shortened(string text) => text.Length > 200 ? text[..200] : text;

    private async Task<JsonElement> CallAsync(string method, object?[] arguments)
    {
        var id = $"{++_invocations}";
        await SendRawAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }));
        using var deadline = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var message = await ReadAsync(() => $"the answer to {method}", deadline.Token);
            if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").GetString() == id) return message;
            _waiting.Enqueue(message);
        }
    }

    private async Task<(string Method, JsonElement Argument)> NextAsync(Func<string> what, CancellationToken deadline)
    {
        while (true)
        {
            var message = _waiting.Count > 0 ? _waiting.Dequeue() : await ReadAsync(what, deadline);
            if (message.GetProperty("type").GetInt32() == 1) return (message.GetProperty("target").GetString()!, message.GetProperty("arguments")[0]);
        }
    }

    /// <summary>The next message that is not a ping.</summary>
    private async Task<JsonElement> ReadAsync(Func<string> what, CancellationToken deadline)
    {
        while (true)
        {
            while (TakeMessage() is { } message)
            {
                if (!message.TryGetProperty("type", out var type) || type.GetInt32() != 6) return message;
            }

            ValueWebSocketReceiveResult received;
            try
            {
                received = await _socket.ReceiveAsync(_partial.GetMemory(64 * 1024), deadline);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"This never came: {what()}");
            }

            if (received.MessageType == WebSocketMessageType.Close) throw new WebSocketException($"The server closed the connection before {what()}.");
            _partial.Advance(received.Count);
            BytesRead += received.Count;
        }
    }

    private JsonElement? TakeMessage()
    {
        var end = _partial.WrittenSpan.IndexOf(Separator);
        if (end < 0) return null;
        var message = JsonDocument.Parse(_partial.WrittenMemory[..end].ToArray()).RootElement;
        var rest = _partial.WrittenSpan[(end + 1)..].ToArray();
        _partial.ResetWrittenCount();
        _partial.Write(rest);
        return message;
    }
}
