using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.OpenApi;

/// <summary>
/// Describes <c>POST /api/v1/reports</c>, which is not seen otherwise: it is mapped as a plain request delegate and ends the pipeline early, because it is by far the
/// most that this server does.
/// </summary>
internal sealed class AgentOperations(ApiOperations operations) : IOpenApiDocumentTransformer
{
    public const string Token = "agentToken";

    private static readonly ApiDoc Doc = new(
        "Bring reports",
        $$"""
        For agents. Takes 1 to {{ReportLimits.MaxReportsPerBatch}} reports, oldest first, and answers once they are on disk. A report that is there already is counted as repeated and changes
        nothing, so what was not answered may be sent again. The first accepted report makes a new token permanent. The body may be packed with gzip.
        Series have names with labels, such as `disk.used.bytes{mount=/}`; any name is taken.
        """)
    {
        Request = new ReportBatch
        {
            Agent = new AgentInfo { Version = "0.1.0", Hostname = "web-1", Os = "Debian GNU/Linux 12 (bookworm)", Kernel = "6.1.0-18-amd64", Architecture = "x64", Cpu = "AMD EPYC 7302P" },
            Reports =
            [
                new Report
                {
                    Seq = 42,
                    BootId = "3b0b0b5e-6f0e-4a53-9f0f-2c1f7a1d3c55",
                    At = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
                    Interval = 5,
                    Samples = new Dictionary<string, double> { ["cpu.percent"] = 12.5, ["memory.used.percent"] = 40.25, ["disk.used.bytes{mount=/}"] = 21287723008 },
                },
            ],
        },
        Answer = new ReportAnswer(1, 0),
        Problems =
        [
            Problems.Invalid(new Dictionary<string, string[]> { ["reports[0].at"] = ["must be a time in UTC such as 2026-01-01T12:00:00.000Z"] }),
            Problems.UnknownToken(),
            Problems.ExpiredToken(),
            Problems.LimitExceeded(413, $"The body is larger than {ReportLimits.MaxBodyBytes} bytes."),
            Problems.Busy(),
        ],
    };

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var operation = new OpenApiOperation
        {
            Summary = Doc.Summary,
            Description = Doc.Description,
            Tags = new HashSet<OpenApiTagReference> { new("Agents", document) },
            Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] }],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await SchemaAsync(typeof(ReportBatch)), Example = operations.Example(Doc.Request!) },
                },
            },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse
                {
                    Description = "They are on disk.",
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = await SchemaAsync(typeof(ReportAnswer)) } },
                },
            },
        };
        await operations.DescribeAsync(operation, Doc, Doc.Problems, document, SchemaAsync);
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = "Agents", Description = "What agents call." });
        document.Paths["/api/v1/reports"] = new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } };

        Task<OpenApiSchema> SchemaAsync(Type type) => context.GetOrCreateSchemaAsync(type, null, cancellationToken);
    }
}
