using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Connection;

/// <summary>Posts batches of reports to the server and says in a person's words what became of them.</summary>
/// <param name="server">The server's address, with or without a path and a slash at its end.</param>
/// <param name="token">The agent's token.</param>
/// <param name="time">For the timeout and for <c>Retry-After</c> dates.</param>
/// <param name="connectTimeout">How long to try to reach it.</param>
internal sealed class ReportClient(Uri server, string token, TimeProvider time, TimeSpan connectTimeout) : IDisposable
{
    // The single report of a usual machine is some 2 kB. Compressed it would save a packet, and cost the server that takes in
    // thousands of them more than all the rest of the request does, and the agent some megabytes for the compressor.
    private const int CompressFromBytes = 4 * 1_024;

    private readonly ServerConnection _connection = new(server, "/api/v1/reports", time, connectTimeout);
    private readonly MemoryStream _compressed = new();

    /// <summary>The server's address, as it was given.</summary>
    public Uri Server => server;

    /// <summary>Sends one batch.</summary>
    /// <param name="body">The JSON of a <see cref="ReportBatch"/>; must not change until this returns.</param>
    /// <param name="cancellationToken">Ends the attempt at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Delivery> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        Judge(await _connection.PostAsync(Content(body), token, cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _compressed.Dispose();
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

    private Delivery Judge(ServerAnswer answer)
    {
        if (answer.Status is not { } code) return new Delivery(DeliveryResult.Unreachable, answer.Failure, IsOfThisServer: true);
        var status = (int)code;
        switch (code)
        {
            case HttpStatusCode.OK:
                // Only the answer itself says that the reports are kept: a login page of some network is a 200 too.
                return TryReadAnswer(answer.Body) is { } counted && counted.Accepted + counted.Repeated > 0
                    ? new Delivery(DeliveryResult.Accepted, AskedProcesses: Math.Clamp(counted.Ask?.Processes ?? 0, 0, ReportLimits.MaxProcesses / 2))
                    : Wrong("answers, but not as a StatusMonitor server does");

            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return new Delivery(
                    DeliveryResult.TokenRefused,
                    $"The server does not know this agent's token ({status}). Make a new one on the dashboard and set it as agent_token, --token or STATUSMONITOR_AGENT_TOKEN, or enrol this machine again with 'enroll --force'. {answer.Describe()}".TrimEnd());

            case HttpStatusCode.RequestEntityTooLarge:
                return new Delivery(DeliveryResult.ContentRefused, $"The server finds the request too large (413). {answer.Describe()}".TrimEnd());

            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                // Only who answers in our terms may have reports thrown away: a proxy in the way says 400 too.
                return answer.TryReadProblem() is not null
                    ? new Delivery(DeliveryResult.ContentRefused, $"The server refuses it ({status}). {answer.Describe()}".TrimEnd())
                    : Wrong($"answers {status}, but not as a StatusMonitor server does");

            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                return new Delivery(DeliveryResult.Busy, $"The server asks to come back later ({status}). {answer.Describe()}".TrimEnd(), answer.RetryAfter, code == HttpStatusCode.ServiceUnavailable && IsOfThisServer(answer));

            case >= HttpStatusCode.InternalServerError:
                return new Delivery(DeliveryResult.Unreachable, $"The server has trouble ({status}). {answer.Describe()}".TrimEnd(), answer.RetryAfter, IsOfThisServer: true);

            case >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest:
                return Wrong($"redirects to {answer.Location?.ToString() ?? "nowhere"}");

            default:
                return Wrong($"answers {status}");
        }
    }

    /// <summary>A server that is not the active one says so; a proxy whose servers are away does not speak as they do. One that is overloaded, or whose disk is full, is obeyed.</summary>
    private static bool IsOfThisServer(ServerAnswer answer) =>
        answer.TryReadProblem()?.Type is not { } type || !type.StartsWith(ProblemTypes.Prefix, StringComparison.Ordinal) || type == ProblemTypes.Standby;

    private Delivery Wrong(string whatItDoes) => new(
        DeliveryResult.WrongAddress,
        $"{_connection.Address} {whatItDoes}. Is {server} the address of the dashboard? Set it as server_url, --server or STATUSMONITOR_SERVER_URL.",
        IsOfThisServer: true);
}
