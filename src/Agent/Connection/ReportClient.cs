using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Connection;

/// <summary>Posts batches of reports to the server and says in a person's words what became of them.</summary>
internal sealed class ReportClient : IDisposable
{
    /// <summary>An attempt that takes longer has failed.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // The single report of a usual machine is some 2 kB. Compressed it would save a packet, and cost the server that takes in
    // thousands of them more than all the rest of the request does, and the agent some megabytes for the compressor.
    private const int CompressFromBytes = 4 * 1_024;

    // The answers we understand are much shorter; of a longer one the beginning will do.
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly Uri _server;
    private readonly Uri _address;
    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly MemoryStream _compressed = new();

    /// <param name="server">The server's address, with or without a path and a slash at its end.</param>
    /// <param name="token">The agent's token.</param>
    /// <param name="time">For the timeout and for <c>Retry-After</c> dates.</param>
    public ReportClient(Uri server, string token, TimeProvider time)
    {
        _server = server;
        _address = new Uri(server.AbsoluteUri.TrimEnd('/') + "/api/v1/reports");
        _token = token;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // A redirected POST would become a GET, and the token would go to who knows whom.
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Timeout,
            // A server that moves to another address is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16,
        });
    }

    /// <summary>Sends one batch.</summary>
    /// <param name="body">The JSON of a <see cref="ReportBatch"/>; must not change until this returns.</param>
    /// <param name="cancellationToken">Ends the attempt at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Delivery> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = Content(body) };
            request.Headers.Add("X-Agent-Token", _token);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("statusmonitor-agent", MachineInfo.Version));
            using var response = await _http.SendAsync(request, either.Token);
            var answer = await ReadAsync(response.Content, either.Token);
            return Judge(response, answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Delivery(DeliveryResult.Unreachable, $"{_server.Authority} did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException exception)
        {
            return new Delivery(DeliveryResult.Unreachable, Explain(exception));
        }
        catch (IOException)
        {
            return new Delivery(DeliveryResult.Unreachable, $"{_server.Authority} closed the connection in the middle of its answer.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _compressed.Dispose();
    }

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

    private static ProblemAnswer? TryReadProblem(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, ProtocolJson.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReportAnswer? TryReadAnswer(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, ProtocolJson.Default.ReportAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The problem as a sentence, with the fields it names (the first few of them).</summary>
    private static string Describe(ProblemAnswer? problem)
    {
        if (problem is null) return "";
        var text = new StringBuilder(problem.Detail ?? problem.Title);
        foreach (var (field, messages) in (problem.Errors ?? new Dictionary<string, string[]>()).Take(3))
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(field).Append(": ").AppendJoin(' ', messages ?? []);
        }

        if (text.Length > 500) text.Length = 500;
        return text.ToString();
    }

    private ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> body)
    {
        var isCompressed = body.Length > CompressFromBytes;
        if (isCompressed)
        {
            _compressed.SetLength(0);
            using (var gzip = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body.Span);
            body = _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);
        }

        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (isCompressed) content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private Delivery Judge(HttpResponseMessage response, byte[] answer)
    {
        var status = (int)response.StatusCode;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                // Only the answer itself says that the reports are kept: a login page of some network is a 200 too.
                return TryReadAnswer(answer) is { } counted && counted.Accepted + counted.Repeated > 0
                    ? new Delivery(DeliveryResult.Accepted)
                    : Wrong("answers, but not as a StatusMonitor server does");

            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return new Delivery(
                    DeliveryResult.TokenRefused,
                    $"The server does not know this agent's token ({status}). Make a new one on the dashboard and set it as agent_token, --token or STATUSMONITOR_AGENT_TOKEN. {Describe(TryReadProblem(answer))}".TrimEnd());

            case HttpStatusCode.RequestEntityTooLarge:
                return new Delivery(DeliveryResult.ContentRefused, $"The server finds the request too large (413). {Describe(TryReadProblem(answer))}".TrimEnd());

            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                // Only who answers in our terms may have reports thrown away: a proxy in the way says 400 too.
                return TryReadProblem(answer) is { } problem
                    ? new Delivery(DeliveryResult.ContentRefused, $"The server refuses it ({status}). {Describe(problem)}".TrimEnd())
                    : Wrong($"answers {status}, but not as a StatusMonitor server does");

            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                return new Delivery(DeliveryResult.Busy, $"The server asks to come back later ({status}). {Describe(TryReadProblem(answer))}".TrimEnd(), RetryAfter(response));

            case >= HttpStatusCode.InternalServerError:
                return new Delivery(DeliveryResult.Unreachable, $"The server has trouble ({status}). {Describe(TryReadProblem(answer))}".TrimEnd(), RetryAfter(response));

            case >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest:
                return Wrong($"redirects to {response.Headers.Location?.ToString() ?? "nowhere"}");

            default:
                return Wrong($"answers {status}");
        }
    }

    private Delivery Wrong(string whatItDoes) => new(
        DeliveryResult.WrongAddress,
        $"{_address} {whatItDoes}. Is {_server} the address of the dashboard? Set it as server_url, --server or STATUSMONITOR_SERVER_URL.");

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
