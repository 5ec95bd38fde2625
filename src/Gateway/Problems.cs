using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway;

/// <summary>Every error of our own API, as RFC 9457 problem details. The types are stable paths; a client may tell errors apart by them.</summary>
internal static class Problems
{
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

    public static ProblemDetails HostNotFound(long id) => Problem(404, "host-not-found", "There is no such host.", $"No host has the id {id}.");

    public static ProblemDetails Busy() => Problem(503, "busy", "The server is busy.", "More reports are waiting for the disk than may. Nothing was stored; send them again later.");

    public static ProblemDetails StorageFailed() => Problem(503, "storage-failed", "The server cannot store anything.", "Its disk may be full. Nothing was stored; send it again later.");

    public static Task WriteAsync(this ProblemDetails problem, HttpContext context)
    {
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == 503) context.Response.Headers.RetryAfter = problem.Type!.EndsWith("busy", StringComparison.Ordinal) ? "2" : "10";
        return context.Response.WriteAsJsonAsync(problem, GatewayJson.Default.ProblemDetails, "application/problem+json", context.RequestAborted);
    }

    /// <summary>The last resort for what a handler did not expect. The details are in the log, not in the answer.</summary>
    public static ProblemDetails Of(Exception? exception) => exception switch
    {
        BadHttpRequestException { StatusCode: 413 } => LimitExceeded(413, $"The body is larger than {Protocol.ReportLimits.MaxBodyBytes} bytes."),
        BadHttpRequestException { StatusCode: 415 } => UnsupportedMediaType(),
        BadHttpRequestException bad => Problem(bad.StatusCode, "invalid-request", "The request is not valid.", bad.InnerException is JsonException json ? json.Message : bad.Message),
        StorageBusyException => Busy(),
        StorageFailedException => StorageFailed(),
        _ => Problem(500, "internal-error", "The server failed.", "The reason is in its log."),
    };

    /// <summary>A request that is no request is its sender's business and not worth a line in the log.</summary>
    public static ExceptionHandlerOptions Handling { get; } = new()
    {
        ExceptionHandler = context => Of(context.Features.Get<IExceptionHandlerFeature>()?.Error).WriteAsync(context),
        SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
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
            415 => UnsupportedMediaType(),
            var status => Problem(status, "error", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), "The request could not be served."),
        };
        return problem.WriteAsync(context.HttpContext);
    }

    private static ProblemDetails UnsupportedMediaType() => Problem(415, "unsupported-media-type", "The content type is not supported.", "Send application/json.");

    private static ProblemDetails Problem(int status, string type, string title, string detail) =>
        new() { Status = status, Type = $"/problems/{type}", Title = title, Detail = detail };
}
