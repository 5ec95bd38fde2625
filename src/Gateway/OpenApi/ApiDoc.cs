using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace StatusMonitor.Gateway.OpenApi;

/// <summary>What the API's document says of an endpoint, beside what can be read from its code.</summary>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Description">What somebody who calls it must know.</param>
internal sealed record ApiDoc(string Summary, string Description)
{
    /// <summary>An example of the body, if it takes one. Its type is the body's.</summary>
    public object? Request { get; init; }

    /// <summary>Status of the answer when all is well.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>An example of the answer, if it has a body. Its type is the answer's.</summary>
    public object? Answer { get; init; }

    /// <summary>Problems of its own. Those that its kind may have anyway, such as not being signed in, are added.</summary>
    public IReadOnlyList<ProblemDetails> Problems { get; init; } = [];
}

internal static class ApiDocs
{
    /// <summary>Describes an endpoint in the API's document.</summary>
    public static TBuilder Documented<TBuilder>(this TBuilder endpoint, ApiDoc doc) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(
        doc,
        new EndpointSummaryAttribute(doc.Summary),
        new EndpointDescriptionAttribute(doc.Description),
        new Answers(doc.Status, doc.Answer?.GetType() ?? typeof(void)));

    private sealed record Answers(int StatusCode, Type Type) : IProducesResponseTypeMetadata
    {
        public IEnumerable<string> ContentTypes { get; } = Type == typeof(void) ? [] : ["application/json"];
    }
}
