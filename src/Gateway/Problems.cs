using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway;

/// <summary>Every error of our own API, as RFC 9457 problem details. The types are stable paths; a client may tell errors apart by them.</summary>
internal static class Problems
{
    private const string RetryAfter = "retryAfter";

    // A takeover lasts some seconds.
    private const int StandbyRetrySeconds = 2;

    public static ProblemDetails BadRequest(string detail) => Problem(400, "invalid-request", "The request is not valid.", detail);

    public static ProblemDetails Invalid(IReadOnlyDictionary<string, string[]> errors)
    {
        var problem = BadRequest("Some fields are not valid; nothing was stored.");
        problem.Extensions["errors"] = errors;
        return problem;
    }

    public static ProblemDetails LimitExceeded(int status, string detail) => Problem(status, "limit-exceeded", "A limit is exceeded.", detail);

    public static ProblemDetails UnknownToken() =>
        Problem(401, "unknown-token", "The agent's token is not known.", "Send the host's token in the header X-Agent-Token. If it was taken back or never used in time, make a new one on the dashboard.");

    public static ProblemDetails ExpiredToken() =>
        Problem(401, "expired-token", "The agent's token has expired.", "A new token must be used within five minutes. Make a new one on the dashboard.");

    public static ProblemDetails NotSignedIn() =>
        Problem(401, "not-signed-in", "You are not signed in.", "Sign in and send the access token as a bearer token. A session that has ended, or whose account may no longer sign in, opens nothing.");

    public static ProblemDetails NotAllowed() => Problem(403, "not-allowed", "You may not do that.", "Your account does not have the right to.");

    public static ProblemDetails WrongCredentials() => Problem(401, "wrong-credentials", "User name or password is wrong.", "Check both; an administrator can give you a new password.");

    public static ProblemDetails AccountDisabled() => Problem(403, "account-disabled", "The account is disabled.", "Ask an administrator to enable it.");

    public static ProblemDetails SessionEnded() => Problem(401, "session-ended", "The session has ended.", "Sign in again.");

    public static ProblemDetails RegistrationOff() => Problem(403, "registration-off", "People cannot register here.", "Ask an administrator for an account.");

    public static ProblemDetails NameTaken(string name) => Problem(409, "name-taken", "The user name is taken.", $"Another account is called {name}, in whatever case. Choose another name.");

    public static ProblemDetails LastAdministrator() =>
        Problem(409, "last-administrator", "An administrator must remain.", "It is the last account that can sign in and manage the others. Make somebody else an administrator first.");

    public static ProblemDetails AccountNotFound(long id) => Problem(404, "account-not-found", "There is no such account.", $"No account has the id {id}.");

    public static ProblemDetails SessionNotFound(string id) => Problem(404, "session-not-found", "There is no such session.", $"Your account has no session with the id {id}.");

    public static ProblemDetails EnrolmentTokenNotFound(string id) => Problem(404, "token-not-found", "There is no such token.", $"Your account has no enrolment token with the id {id}.");

    public static ProblemDetails TooManyAttempts(TimeSpan wait)
    {
        // Rounded up: who comes back then must not be too early.
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        var problem = Problem(429, "too-many-attempts", "There were too many attempts.", $"Wait for {seconds} seconds and try again.");
        problem.Extensions[RetryAfter] = seconds;
        return problem;
    }

    public static ProblemDetails PasswordsBusy() => Problem(503, "busy", "The server is busy.", "More passwords wait to be checked than may. Try again shortly.");

    public static ProblemDetails HostNotFound(long id) => Problem(404, "host-not-found", "There is no such host.", $"No host has the id {id}.");

    public static ProblemDetails IncidentNotFound(string id) => Problem(404, "incident-not-found", "There is no such incident.", $"No incident has the id {id}.");

    public static ProblemDetails IncidentOver(string id) => Problem(409, "incident-over", "The incident is over.", $"Incident {id} is resolved; there is nothing to take up.");

    public static ProblemDetails NotificationNotFound(string id) => Problem(404, "notification-not-found", "There is no such notification.", $"Your account has no dead notification with the id {id}.");

    public static ProblemDetails TokenNotFound(int id) => Problem(404, "token-not-found", "There is no such token.", $"The host has no token with the id {id}.");

    public static ProblemDetails RuleNotFound(long id) => Problem(404, "rule-not-found", "There is no such rule.", $"Your account has no alert rule with the id {id}.");
    public static ProblemDetails SilenceNotFound(long id) => Problem(404, "silence-not-found", "There is no such silence.", $"Your account has no silence with the id {id}, or it is over.");

    public static ProblemDetails UserNotFound(string name) => Problem(404, "user-not-found", "There is no such user.", $"Nobody has the user name {name}.");

    public static ProblemDetails TooMany(string detail) => Problem(409, "too-many", "There are as many as there may be.", detail);

    public static ProblemDetails UnknownEnrolmentToken() =>
        Problem(401, "unknown-enrolment-token", "The enrolment token is not good.", "It is not known, was used as often as it may be, or has expired. Make a new one on the account page of the dashboard.");

    public static ProblemDetails ChannelNotFound(long id) => Problem(404, "channel-not-found", "There is no such channel.", $"Your account has no channel with the id {id}.");

    public static ProblemDetails NoTelegram() => Problem(409, "no-telegram", "The server has no Telegram bot.", "Ask whoever runs the server to set TELEGRAM_BOT_TOKEN.");

    public static ProblemDetails Busy() => Problem(503, "busy", "The server is busy.", "More reports are waiting for the disk than may. Nothing was stored; send them again later.");

    public static ProblemDetails StorageFailed() => Problem(503, "storage-failed", "The server cannot store anything.", "Its disk may be full, or its database away. Nothing was stored; send it again later.");

    /// <param name="active">The server that takes everything in the meantime, if it is known.</param>
    public static ProblemDetails Standby(string? active)
    {
        var problem = Problem(503, "standby", "This server is not the active one.", $"{active ?? "Another server"} is. Nothing was stored; send it there, or again later.");
        problem.Extensions[RetryAfter] = StandbyRetrySeconds;
        return problem;
    }

    public static ProblemDetails StorageFull() =>
        Problem(503, "storage-full", "The server's disk is nearly full.", "Nothing was stored; send it again later. The server's administrator has to make room there or on the database's disk, or to lower --min-free-mb or raise --database-max-size.");

    public static ProblemDetails Unavailable() =>
        Problem(503, "unavailable", "A part of the server is not there right now.", "It may or may not have done what was asked; asking again later is safe for reports. When a machine of a cluster is lost, others take over within seconds.");

    public static ProblemDetails NotReady(string reason) => Problem(503, "not-ready", "Requests are not to be sent here now.", reason);

    public static ProblemDetails Stuck() => Problem(503, "stuck", "This server is stuck.", "Nothing that it does comes to an end any more; it is to be started again.");

    /// <summary>The problem as the answer of a handler.</summary>
    public static IResult ToResult(this ProblemDetails problem) => new ProblemResult(problem);

    public static Task WriteAsync(this ProblemDetails problem, HttpContext context)
    {
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Extensions.TryGetValue(RetryAfter, out var seconds)) context.Response.Headers.RetryAfter = $"{seconds}";
        if (ClassicAnswer.IsWantedBy(context)) return ClassicAnswer.RefuseAsync(context, problem);
        if (problem.Status == 503 && !problem.Extensions.ContainsKey(RetryAfter)) context.Response.Headers.RetryAfter = problem.Type switch { "/problems/unavailable" => "1", "/problems/busy" => "2", _ => "10" };
        return context.Response.WriteAsJsonAsync(problem, GatewayJson.Default.ProblemDetails, "application/problem+json", context.RequestAborted);
    }

    /// <summary>The last resort for what a handler did not expect. The details are in the log, not in the answer.</summary>
    public static ProblemDetails Of(Exception? exception, long maxBodyBytes = Protocol.ReportLimits.MaxBodyBytes) => exception switch
    {
        BadHttpRequestException { StatusCode: 413 } => TooLarge(maxBodyBytes),
        BadHttpRequestException { StatusCode: 415 } => UnsupportedMediaType(),
        BadHttpRequestException bad => Problem(bad.StatusCode, "invalid-request", "The request is not valid.", bad.InnerException is JsonException json ? json.Message : bad.Message),
        PasswordsBusyException => PasswordsBusy(),
        StorageBusyException => Busy(),
        StorageFullException => StorageFull(),
        FencedOffException => Standby(null),
        StorageFailedException => StorageFailed(),

        // A call that found no place in a cluster in time is cancelled by the engine, as one whose answer never came is timed out.
        OrleansException or TimeoutException or OperationCanceledException => Unavailable(),
        _ => Problem(500, "internal-error", "The server failed.", "The reason is in its log."),
    };

    /// <summary>A request that is no request is its sender's business and not worth a line in the log.</summary>
    public static ExceptionHandlerOptions Handling { get; } = new()
    {
        ExceptionHandler = context => Of(context.Features.Get<IExceptionHandlerFeature>()?.Error, SmallBodies.MaxBytes).WriteAsync(context),
        SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException or PasswordsBusyException,
    };

    /// <summary>Gives an answer that has only a status code its problem details.</summary>
    public static Task WriteStatusCodeAsync(StatusCodeContext context)
    {
        var response = context.HttpContext.Response;
        var problem = response.StatusCode switch
        {
            401 => NotSignedIn(),
            404 => Problem(404, "not-found", "There is nothing here.", $"No resource has the path {context.HttpContext.Request.Path}."),
            405 => Problem(405, "method-not-allowed", "The method is not allowed here.", $"Use {response.Headers.Allow}."),
            413 => TooLarge(SmallBodies.MaxBytes),
            415 => UnsupportedMediaType(),
            var status => Problem(status, "error", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), "The request could not be served."),
        };
        return problem.WriteAsync(context.HttpContext);
    }

    private static ProblemDetails TooLarge(long maxBodyBytes) => LimitExceeded(413, $"The body is larger than {maxBodyBytes} bytes.");

    private static ProblemDetails UnsupportedMediaType() => Problem(415, "unsupported-media-type", "The content type is not supported.", "Send application/json.");

    private static ProblemDetails Problem(int status, string type, string title, string detail) =>
        new() { Status = status, Type = $"/problems/{type}", Title = title, Detail = detail };

    private sealed class ProblemResult(ProblemDetails problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (problem.Status == 401) httpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return problem.WriteAsync(httpContext);
        }
    }
}
