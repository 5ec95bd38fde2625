using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StatusMonitor.Agent.Connection;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Enrolment;

/// <summary>How an enrolment ended: the new host, or the reason why there is none.</summary>
/// <param name="Host">What the server answered; null if it did not add the machine.</param>
/// <param name="Reason">What a person should know about it: a sentence or two; empty if all is well.</param>
/// <param name="Advice">What to do about it, if that is not said yet.</param>
/// <param name="IsUntouched">Whether the server certainly did nothing, and another address of it may be asked.</param>
internal readonly record struct EnrolmentResult(EnrolmentAnswer? Host, string Reason = "", string Advice = "", bool IsUntouched = false);

/// <summary>Asks the server to add this machine, once: an enrolment token may be good for one use only.</summary>
/// <param name="server">The server's address, with or without a path and a slash at its end.</param>
/// <param name="time">For the timeout and for <c>Retry-After</c> dates.</param>
internal sealed class EnrolmentClient(Uri server, TimeProvider time) : IDisposable
{
    private readonly ServerConnection _connection = new(server, "/api/v1/enrol", time, ServerConnection.Timeout);

    /// <summary>Asks.</summary>
    /// <param name="token">The enrolment token.</param>
    /// <param name="name">The name the host is to have.</param>
    /// <param name="cancellationToken">Ends it at once; the server may have added the machine then.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<EnrolmentResult> EnrolAsync(string token, string name, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EnrolmentRequest { Token = token, Name = name }, ProtocolJson.Default.EnrolmentRequest);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Judge(await _connection.PostAsync(content, agentToken: null, cancellationToken), name);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private EnrolmentResult Judge(ServerAnswer answer, string name)
    {
        if (answer.Status is not { } code)
        {
            return answer.MayHaveArrived
                ? Refused(answer.Failure, "It may have added this machine all the same: look on the dashboard before you try again.")
                : new EnrolmentResult(null, answer.Failure, "The enrolment token is not used up: try again once the server can be reached.", IsUntouched: true);
        }

        var status = (int)code;
        var problem = answer.TryReadProblem();
        // Only in our own terms can anything be said about the token: proxies and login pages of networks have the same status codes.
        var isOurs = problem?.Type?.StartsWith(ProblemTypes.Prefix, StringComparison.Ordinal) == true;
        return code switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK => TryRead(answer.Body) is { } host ? new EnrolmentResult(host) : Wrong("answers, but not as a StatusMonitor server does"),

            HttpStatusCode.Unauthorized when isOurs =>
                Refused("The server does not take this enrolment token: it is wrong, used up, revoked or expired. Make a new one on the dashboard, in your account."),

            HttpStatusCode.BadRequest when isOurs && problem!.Errors?.GetValueOrDefault("name") is { } messages =>
                Refused($"The server does not take the name '{name}': it {string.Join(", ", messages)}. Give another one with --name."),

            HttpStatusCode.BadRequest when isOurs => Refused($"The server refuses it (400). {answer.Describe()}"),

            HttpStatusCode.TooManyRequests => Refused($"The server has had too many attempts to enrol. Try again {When(answer.RetryAfter)}."),

            HttpStatusCode.ServiceUnavailable when isOurs && problem!.Type == ProblemTypes.Standby =>
                new EnrolmentResult(null, $"{server.Authority} does not enrol now ({status}). {answer.Describe()}".TrimEnd(), $"Try again {When(answer.RetryAfter)}.", IsUntouched: true),

            >= HttpStatusCode.InternalServerError => Refused($"The server has trouble ({status}). {answer.Describe()}".TrimEnd(), $"Try again {When(answer.RetryAfter)}."),

            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => Wrong($"redirects to {answer.Location?.ToString() ?? "nowhere"}"),

            _ when isOurs && code != HttpStatusCode.NotFound => Refused($"The server refuses it ({status}). {answer.Describe()}"),

            _ => Wrong($"answers {status}, but not as a StatusMonitor server does"),
        };
    }

    private static EnrolmentAnswer? TryRead(byte[] body)
    {
        try
        {
            // Whatever it is, it has to be good as a token: it is written where the agent reads its own.
            return JsonSerializer.Deserialize(body, ProtocolJson.Default.EnrolmentAnswer) is { } host && AgentToken.IsPlausible(host.Token) ? host : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EnrolmentResult Refused(string reason, string advice = "") => new(null, reason, advice);

    private static string When(TimeSpan? wait) => wait switch
    {
        null => "in a few minutes",
        { TotalSeconds: < 100 } few => string.Create(CultureInfo.InvariantCulture, $"in {Math.Max(1, Math.Ceiling(few.TotalSeconds))} s"),
        { TotalMinutes: < 100 } some => string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(some.TotalMinutes)} min"),
        { } many => string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(many.TotalHours)} h"),
    };

    private EnrolmentResult Wrong(string whatItDoes) => Refused($"{_connection.Address} {whatItDoes}. Is {server} the address of the dashboard? Give it with --server.");
}
