using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace StatusMonitor.Gateway.Classic;

/// <summary>Marks an endpoint of the older StatusMonitor: everything it answers, errors too, has the shape its clients know, and pages of the origins on the list may ask it.</summary>
/// <param name="NoToken">What it answers to a request without an access token.</param>
/// <param name="BadToken">What it answers to one whose token opens nothing.</param>
internal sealed record ClassicEndpoint(string NoToken, string BadToken) : IEnableCorsAttribute
{
    public static ClassicEndpoint Mark { get; } = new("Not authenticated", "Could not validate credentials");

    /// <summary>The older system was several programs; those of the history and of the alerts had words of their own.</summary>
    public static ClassicEndpoint HistoryMark { get; } = new("Missing authentication", "Invalid token");

    public string? PolicyName
    {
        get => ClassicCors.Policy;
        set => throw new NotSupportedException();
    }
}

/// <summary>One thing wrong with a request, in FastAPI's words. Bodies are not echoed as FastAPI does: they hold passwords, and no client reads them.</summary>
/// <param name="Type">Kind of the error, such as <c>missing</c>.</param>
/// <param name="Loc">Where: <c>body</c>, <c>query</c> or <c>path</c>, then the name.</param>
/// <param name="Msg">For a person.</param>
/// <param name="Input">What was there instead, in a path or a query.</param>
/// <param name="Ctx">More, for some kinds.</param>
internal sealed record ClassicError(string Type, JsonArray Loc, string Msg, JsonNode? Input, JsonObject? Ctx = null)
{
    public static ClassicError Missing(string place, string? name) => new("missing", Location(place, name), "Field required", null);

    public static ClassicError NoText(string place, string name) => new("string_type", Location(place, name), "Input should be a valid string", null);

    public static ClassicError NoNumber(string name, bool isText) => isText
        ? new("float_parsing", Location("body", name), "Input should be a valid number, unable to parse string as a number", null)
        : new("float_type", Location("body", name), "Input should be a valid number", null);

    public static ClassicError NoFlag(string name, bool isReadable) => isReadable
        ? new("bool_parsing", Location("body", name), "Input should be a valid boolean, unable to interpret input", null)
        : new("bool_type", Location("body", name), "Input should be a valid boolean", null);

    public static ClassicError NotOneOf(string name, params string[] words)
    {
        var expected = $"{string.Join(", ", words[..^1].Select(word => $"'{word}'"))} or '{words[^1]}'";
        return new("literal_error", Location("body", name), $"Input should be {expected}", null, new JsonObject { ["expected"] = expected });
    }

    public static ClassicError TooSmall(string name, int min) =>
        new("greater_than_equal", Location("body", name), $"Input should be greater than or equal to {min}", null, new JsonObject { ["ge"] = min });

    public static ClassicError TooGreat(string name, int max) =>
        new("less_than_equal", Location("body", name), $"Input should be less than or equal to {max}", null, new JsonObject { ["le"] = max });

    public static ClassicError NoInteger(string place, string name, string input) =>
        new("int_parsing", Location(place, name), "Input should be a valid integer, unable to parse string as an integer", input);

    public static ClassicError TooShort(string name, int min) =>
        new("string_too_short", Location("body", name), $"String should have at least {min} character{(min == 1 ? "" : "s")}", null, new JsonObject { ["min_length"] = min });

    public static ClassicError TooLong(string name, int max) =>
        new("string_too_long", Location("body", name), $"String should have at most {max} characters", null, new JsonObject { ["max_length"] = max });

    public static ClassicError NoMatch(string name, string pattern) =>
        new("string_pattern_mismatch", Location("body", name), $"String should match pattern '{pattern}'", null, new JsonObject { ["pattern"] = pattern });

    public static ClassicError Value(string name, string message) => new("value_error", Location("body", name), $"Value error, {message}", null);

    private static JsonArray Location(string place, string? name) => name is null ? [place] : [place, name];
}

/// <summary>Errors in the shape of the older StatusMonitor: <c>{"detail":"…"}</c>, or a list of what is wrong with the request.</summary>
internal static class ClassicAnswer
{
    /// <summary>Whether the request is for a classic endpoint.</summary>
    public static bool IsWantedBy(HttpContext context) => EndpointOf(context) is not null;

    /// <summary>The classic endpoint that the request is for, or null.</summary>
    public static ClassicEndpoint? EndpointOf(HttpContext context) =>
        (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint)?.Metadata.GetMetadata<ClassicEndpoint>();

    public static Task RefuseAsync(HttpContext context, int status, string detail) =>
        WriteAsync(context, status, new ClassicRefusal(detail), GatewayJson.Default.ClassicRefusal);

    /// <summary>422 with what is wrong.</summary>
    public static Task RefuseAsync(HttpContext context, IReadOnlyList<ClassicError> errors) =>
        WriteAsync(context, 422, new ClassicInvalid(errors), GatewayJson.Default.ClassicInvalid);

    /// <summary>The status and the detail of a problem.</summary>
    public static Task RefuseAsync(HttpContext context, ProblemDetails problem) => RefuseAsync(context, problem.Status!.Value, problem.Detail!);

    private static Task WriteAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, type, "application/json", context.RequestAborted);
    }
}

internal sealed record ClassicRefusal(string Detail);

internal sealed record ClassicInvalid(IReadOnlyList<ClassicError> Detail);
