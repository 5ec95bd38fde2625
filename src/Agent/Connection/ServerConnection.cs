using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Connection;

/// <summary>What came back of a request.</summary>
internal sealed record ServerAnswer
{
    /// <summary>Null if there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The body; of one that is longer than any we understand, its beginning.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Why there was no answer: a sentence.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Whether the server may have acted on the request although there was no answer.</summary>
    public bool MayHaveArrived { get; init; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where the server sends us.</summary>
    public Uri? Location { get; init; }

    /// <summary>The body as problem details, or null if it is none.</summary>
    public ProblemAnswer? TryReadProblem()
    {
        try
        {
            return JsonSerializer.Deserialize(Body, ProtocolJson.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The problem in the body as a sentence, with the fields it names (the first few of them); empty if there is none.</summary>
    public string Describe()
    {
        if (TryReadProblem() is not { } problem) return "";
        var text = new StringBuilder(problem.Detail ?? problem.Title);
        foreach (var (field, messages) in (problem.Errors ?? new Dictionary<string, string[]>()).Take(3))
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(field).Append(": ").AppendJoin(' ', messages ?? []);
        }

        if (text.Length > 500) text.Length = 500;
        return text.ToString();
    }
}

/// <summary>Posts to one address of the server, and says in a person's words why there was no answer.</summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>An attempt that takes longer has failed.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // The answers we understand are much shorter; of a longer one the beginning will do.
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly Uri _server;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="server">The server's address, with or without a path and a slash at its end.</param>
    /// <param name="path">What is asked for there, with a slash at its beginning.</param>
    /// <param name="time">For the timeout and for <c>Retry-After</c> dates.</param>
    /// <param name="connectTimeout">How long to try to reach it, at most <see cref="Timeout"/>.</param>
    public ServerConnection(Uri server, string path, TimeProvider time, TimeSpan connectTimeout)
    {
        _server = server;
        _time = time;
        Address = new Uri(server.AbsoluteUri.TrimEnd('/') + path);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A redirected POST would become a GET, and the token would go to who knows whom.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = connectTimeout,
            // A server that moves to another address is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16,
        });
    }

    /// <summary>Where requests go.</summary>
    public Uri Address { get; }

    /// <summary>Sends one request.</summary>
    /// <param name="content">Its body.</param>
    /// <param name="agentToken">Who reports; null if nobody does.</param>
    /// <param name="cancellationToken">Ends the attempt at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ServerAnswer> PostAsync(HttpContent content, string? agentToken, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = content };
            if (agentToken is not null) request.Headers.Add("X-Agent-Token", agentToken);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("statusmonitor-agent", MachineInfo.Version));
            using var response = await _http.SendAsync(request, either.Token);
            return new ServerAnswer
            {
                Status = response.StatusCode,
                Body = await ReadAsync(response.Content, either.Token),
                RetryAfter = RetryAfter(response),
                Location = response.Headers.Location,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServerAnswer { Failure = $"{_server.Authority} did not answer within {Timeout.TotalSeconds:0} s.", MayHaveArrived = true };
        }
        catch (HttpRequestException exception)
        {
            return new ServerAnswer
            {
                Failure = Explain(exception),
                MayHaveArrived = exception.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError),
            };
        }
        catch (IOException)
        {
            return new ServerAnswer { Failure = $"{_server.Authority} closed the connection in the middle of its answer.", MayHaveArrived = true };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[512];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0 || (length += read) >= MaxAnswerBytes) return bytes[..length];
            if (length == bytes.Length) Array.Resize(ref bytes, 4 * length);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } asked) return null;
        var wait = asked.Delta ?? asked.Date - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private string Explain(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"The name {_server.Host} is not known.",
        HttpRequestError.ConnectionError when exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"Nothing listens on {_server.Authority} (connection refused).",
        HttpRequestError.ConnectionError => $"{_server.Authority} cannot be reached: {exception.InnerException?.Message ?? exception.Message}",
        HttpRequestError.SecureConnectionError =>
            $"There is no trusted TLS connection to {_server.Authority}: {exception.InnerException?.Message ?? exception.Message}",
        HttpRequestError.ResponseEnded => $"{_server.Authority} closed the connection without an answer.",
        _ => $"{_server.Authority}: {(exception.InnerException ?? exception).Message}",
    };
}
