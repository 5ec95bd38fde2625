using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StatusMonitor.Gateway.Health;

namespace StatusMonitor.Gateway.OpenApi;

/// <summary>
/// The API's description of itself: OpenAPI 3.1 at <c>/openapi/v1.json</c>, for everything under <c>/api/v1</c>, and a page to read it and try it out at <c>/docs</c>.
/// </summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";
    public const string Name = "v1";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            options.AddSchemaTransformer(SayNumber);
            options.AddOperationTransformer<ApiOperations>();
            options.AddDocumentTransformer(Introduce);
            options.AddDocumentTransformer<AgentOperations>();
        });
        services.AddSingleton<ApiOperations>().AddSingleton<ApiDocumentText>();
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, async (ApiDocumentText text) => Results.Text(await text.GetAsync(), "application/json"));

    /// <summary>The page. All its files come from this server.</summary>
    public static void UseApiPage(this IApplicationBuilder app) => app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs"), page =>
    {
        page.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        page.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "StatusMonitor API";
            options.SwaggerEndpoint(Path, "StatusMonitor");
        });
    });

    /// <summary>A number is also read from a string, as browsers' forms send it; but it is a number, and is written as one.</summary>
    private static Task SayNumber(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        const JsonSchemaType Numbers = JsonSchemaType.Integer | JsonSchemaType.Number;
        if ((schema.Type & Numbers) == 0) return Task.CompletedTask;

        schema.Type &= ~JsonSchemaType.String;
        schema.Pattern = null;
        return Task.CompletedTask;
    }

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StatusMonitor",
            Version = HealthEndpoint.Version,
            Description = """
                Hosts, the people who look after them, and the agents that report for them.

                People sign in with `POST /api/v1/auth/login` and send the access token as a bearer token. Agents send their host's token in the header `X-Agent-Token`.
                Times are UTC in ISO 8601. Errors are problem details (RFC 9457): `type` is a stable path that tells them apart, `detail` says what to do, and of a request that
                is not valid `errors` says what is wrong by field. A host that somebody may not see does not exist for them.
                """,
        };

        // Whatever name and proxy it is reached through.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiOperations.Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "The access token of POST /api/v1/auth/login." },
            [AgentOperations.Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Agent-Token", Description = "A host's token: 64 hexadecimal digits." },
        };
        return Task.CompletedTask;
    }
}

/// <summary>The document as it is sent. It says the same to everybody, so it is made once.</summary>
internal sealed class ApiDocumentText([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider documents)
{
    private readonly Lazy<Task<string>> _text = new(async () => await (await documents.GetOpenApiDocumentAsync()).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));

    public Task<string> GetAsync() => _text.Value;
}
