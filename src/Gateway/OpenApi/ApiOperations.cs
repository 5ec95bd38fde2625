using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Hosts;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace StatusMonitor.Gateway.OpenApi;

/// <summary>Completes what is said of an endpoint: examples, who may call it, and with what problems it answers.</summary>
internal sealed class ApiOperations(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public const string Bearer = "bearer";
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var doc = metadata.OfType<ApiDoc>().FirstOrDefault() ?? throw new InvalidOperationException($"{context.Description.HttpMethod} {context.Description.RelativePath} lacks its ApiDoc.");

        var problems = doc.Problems.ToList();
        if (doc.Request is not null)
        {
            await DescribeBodyAsync(operation, doc.Request, context, cancellationToken);
            problems.Add(Problems.BadRequest("The body is not valid JSON."));
            problems.Add(Problems.LimitExceeded(413, "The body is larger than it may be."));
        }

        // Read whatever their case; written as everything else is.
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
        {
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        }

        var policies = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).ToArray();
        if (policies.Length > 0)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            problems.Add(Problems.NotSignedIn());
            if (policies.Contains(AccessPolicy.Administrator)) problems.Add(Problems.NotAllowed());
        }

        if (metadata.OfType<NeededAccess>().FirstOrDefault() is { } needed)
        {
            problems.Add(Problems.HostNotFound(7));
            if (needed.Access > HostAccess.Read) problems.Add(Problems.NotAllowed());
        }

        await DescribeAsync(operation, doc, problems, context.Document!, type => context.GetOrCreateSchemaAsync(type, null, cancellationToken));
    }

    /// <summary>Describes the answers.</summary>
    public async Task DescribeAsync(OpenApiOperation operation, ApiDoc doc, IEnumerable<ProblemDetails> problems, OpenApiDocument document, Func<Type, Task<OpenApiSchema>> schemaOf)
    {
        operation.Responses ??= [];
        if (doc.Answer is not null)
        {
            var response = operation.Responses[Key(doc.Status)];
            response.Content![Json].Example = Example(doc.Answer);
        }

        var problemSchema = await schemaOf(typeof(ProblemDetails));
        document.AddComponent(nameof(ProblemDetails), problemSchema);
        foreach (var byStatus in problems.Append(Problems.StorageFailed()).GroupBy(problem => problem.Status!.Value).OrderBy(group => group.Key))
        {
            var byType = byStatus.DistinctBy(problem => problem.Type).ToArray();
            operation.Responses[Key(byStatus.Key)] = new OpenApiResponse
            {
                Description = string.Join(" ", byType.Select(problem => $"`{problem.Type}`: {problem.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemJson] = new()
                    {
                        Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document),
                        Examples = byType.ToDictionary(problem => problem.Type![(problem.Type!.LastIndexOf('/') + 1)..], IOpenApiExample (problem) => new OpenApiExample { Value = Example(problem) }),
                    },
                },
            };
        }
    }

    public JsonNode? Example(object example) => JsonSerializer.SerializeToNode(example, example.GetType(), json.Value.SerializerOptions);

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    private async Task DescribeBodyAsync(OpenApiOperation operation, object example, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        // An endpoint that reads its body itself does not tell what it is.
        operation.RequestBody ??= new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = await context.GetOrCreateSchemaAsync(example.GetType(), null, cancellationToken) } },
        };
        operation.RequestBody.Content![Json].Example = Example(example);
    }
}
