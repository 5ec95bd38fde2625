using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.OpenApi;

/// <summary>The API's document of itself, against the endpoints that there are.</summary>
public sealed partial class ApiDocumentTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Document_IsWholeAndForEverybody()
    {
        var answer = await _server.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.MediaType));
        Assert.StartsWith("3.1.", answer.Json.GetProperty("openapi").GetString(), StringComparison.Ordinal);

        // Read by somebody else's rules: every reference leads somewhere.
        var (document, diagnostic) = OpenApiDocument.Parse(answer.Text, "json");
        Assert.Empty(diagnostic!.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.NotNull(document);
        Assert.Equal(answer.Text, (await _server.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Text);
    }

    [Fact]
    public async Task EveryEndpoint_IsDescribedWithExamples()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");
        var described = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal);
        var endpoints = Endpoints();
        Assert.Equal(endpoints.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal), described);
        Assert.InRange(endpoints.Count, 30, 200);

        foreach (var (name, endpoint) in endpoints)
        {
            var operation = paths.GetProperty(name.Split(' ')[1]).GetProperty(name.Split(' ')[0].ToLowerInvariant());
            Assert.True(operation.GetProperty("summary").GetString()!.Length > 5, name);
            Assert.True(operation.GetProperty("description").GetString()!.Length > 10, name);
            if (operation.TryGetProperty("requestBody", out var body)) AssertExample(name, body.GetProperty("content").GetProperty("application/json"));
            else Assert.DoesNotContain(name.Split(' ')[0], (string[])["PUT", "PATCH"]);

            var answers = operation.GetProperty("responses").EnumerateObject().ToArray();
            Assert.Single(answers, answer => answer.Name[0] == '2');
            foreach (var answer in answers)
            {
                if (!answer.Value.TryGetProperty("content", out var content)) Assert.Equal("204", answer.Name);
                else if (answer.Name[0] == '2') AssertExample(name, content.GetProperty("application/json"));
                else AssertProblems(name, answer.Name, content.GetProperty("application/problem+json"));
            }

            var needsSignIn = endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
            Assert.True(needsSignIn == (operation.TryGetProperty("security", out var security) && security[0].TryGetProperty("bearer", out _)), name);
            Assert.True(!needsSignIn || answers.Any(answer => answer.Name == "401"), name);
        }
    }

    [Fact]
    public async Task NamesAndTypes_AreThoseOfTheWire()
    {
        var document = await DocumentAsync();
        var parameters = document.GetProperty("paths").GetProperty("/api/v1/hosts").GetProperty("get").GetProperty("parameters").EnumerateArray().ToArray();
        Assert.Equal(["search", "status", "sort", "descending", "offset", "limit", "group", "tag"], parameters.Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.All(parameters, parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
        Assert.Equal("integer", parameters[5].GetProperty("schema").GetProperty("type").GetString());
        var row = document.GetProperty("components").GetProperty("schemas").GetProperty("HostRow").GetProperty("properties");
        Assert.Equal("integer", row.GetProperty("id").GetProperty("type").GetString());
        Assert.Equal(["null", "number"], row.GetProperty("cpuPercent").GetProperty("type").EnumerateArray().Select(type => type.GetString()));
    }

    [Fact]
    public async Task ExamplesOfBodies_AreTaken()
    {
        var document = await DocumentAsync();
        var made = await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/hosts", ExampleOf(document, "/api/v1/hosts", "post"));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var host = new EnrolledHost(_server.Http, made.Json.GetProperty("id").GetInt64(), made.Json.GetProperty("token").GetString()!);
        var reported = await host.PostAsync(ExampleOf(document, "/api/v1/reports", "post"));
        Assert.Equal((HttpStatusCode.OK, """{"accepted":1,"repeated":0}"""), (reported.Status, reported.Text));
        Assert.Equal(HttpStatusCode.OK, (await _server.Admin.SendAsync(HttpMethod.Patch, $"/api/v1/hosts/{host.Id}", ExampleOf(document, "/api/v1/hosts/{id}", "patch"))).Status);
    }

    [Fact]
    public async Task Answers_HaveTheMembersOfTheirExamples()
    {
        var document = await DocumentAsync();
        var host = await _server.EnrolAsync("example");
        await host.PostAsync(ExampleOf(document, "/api/v1/reports", "post"));
        await using var browser = await HubClient.ConnectAsync(_server);
        foreach (var (path, real) in new[] { ("/api/v1/hosts", "/api/v1/hosts"), ("/api/v1/hosts/{id}", $"/api/v1/hosts/{host.Id}"), ("/api/v1/hosts/{id}/tokens", $"/api/v1/hosts/{host.Id}/tokens"), ("/api/v1/account", "/api/v1/account"), ("/api/v1/account/sessions", "/api/v1/account/sessions"), ("/api/v1/users", "/api/v1/users"), ("/api/v1/audit", "/api/v1/audit") })
        {
            var example = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
            Assert.Equal(Members(example), Members((await _server.Admin.GetAsync(real)).Json));
        }
    }

    [Fact]
    public async Task Page_IsServedWithAllItsFiles()
    {
        var page = await _server.Anonymous.SendAsync(HttpMethod.Get, "/docs/index.html");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.MediaType));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);

        // No script is in the page itself, and none comes from elsewhere: the policy would refuse both.
        Assert.DoesNotMatch("<script>|<script [^>]*>[^<]", page.Text);
        var files = Files().Matches(page.Text).Select(match => match.Groups[1].Value).ToArray();
        Assert.Contains("index.js", files);
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await _server.Anonymous.SendAsync(HttpMethod.Get, $"/docs/{file}")).Status);
        }

        Assert.Contains("/openapi/v1.json", (await _server.Anonymous.SendAsync(HttpMethod.Get, "/docs/index.js")).Text, StringComparison.Ordinal);
        using var entry = await _server.Anonymous.GetAsync("/docs");
        Assert.Equal("text/html", entry.Content.Headers.ContentType?.MediaType);
    }

    private static void AssertExample(string name, JsonElement content)
    {
        Assert.True(content.TryGetProperty("schema", out _), $"{name} has no schema");
        Assert.True(content.TryGetProperty("example", out var example) && example.ValueKind is JsonValueKind.Object or JsonValueKind.Array, $"{name} has no example");
    }

    private static void AssertProblems(string name, string status, JsonElement content)
    {
        var examples = content.GetProperty("examples").EnumerateObject().Select(example => example.Value.GetProperty("value")).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, problem =>
        {
            Assert.StartsWith("/problems/", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
            Assert.True(status == $"{problem.GetProperty("status").GetInt32()}", name);
        });
    }

    private static string ExampleOf(JsonElement document, string path, string method) =>
        document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText();

    private static string[] Members(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [.. value.EnumerateObject().Select(member => member.Name)],
        JsonValueKind.Array => Members(value[0]),
        _ => throw new ArgumentException($"{value} has no members."),
    };

    [GeneratedRegex("(?:href|src)=\"(?:\\./)?([^\"]+)\"")]
    private static partial Regex Files();

    [GeneratedRegex(@":\w+}")]
    private static partial Regex Constraint();

    private List<(string Name, Endpoint Endpoint)> Endpoints() =>
    [
        .. from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
           where path.StartsWith("/api/v1/", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select ($"{method} {Constraint().Replace(path, "}")}", (Endpoint)endpoint),
    ];

    private async Task<JsonElement> DocumentAsync() => (await _server.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
}
