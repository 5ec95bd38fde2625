using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests.Support;

/// <summary>One request that an agent made.</summary>
/// <param name="Path">Where to.</param>
/// <param name="Token">The header that says who reports.</param>
/// <param name="IsCompressed">Whether the body was gzip.</param>
/// <param name="BodyBytes">Size of the body before compression.</param>
/// <param name="Batch">What was in it.</param>
internal sealed record ReceivedRequest(string Path, string? Token, bool IsCompressed, int BodyBytes, ReportBatch Batch)
{
    public long[] Sequences => [.. Batch.Reports.Select(report => report.Seq)];
}

/// <summary>A real HTTP server on loopback that answers as a test tells it to: by default as the real one does when all is well.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<ReceivedRequest> _received = Channel.CreateUnbounded<ReceivedRequest>();
    private readonly Channel<EnrolmentRequest> _enrolments = Channel.CreateUnbounded<EnrolmentRequest>();

    private StubServer(WebApplication application) => _application = application;

    /// <summary>The token that a machine gets when it is enrolled.</summary>
    public static string NewToken { get; } = new('a', 64);

    /// <summary>Answers a request; runs after it was recorded.</summary>
    public Func<ReceivedRequest, HttpContext, Task> Answer { get; set; } = AcceptAsync;

    /// <summary>Answers an enrolment; runs after it was recorded.</summary>
    public Func<EnrolmentRequest, HttpContext, Task> AnswerEnrolment { get; set; } = EnrolAsync;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<StubServer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var application = builder.Build();
        var server = new StubServer(application);
        application.Run(server.HandleAsync);
        await application.StartAsync();
        return server;
    }

    public static Task AcceptAsync(ReceivedRequest request, HttpContext context) => Json(context, 200, new ReportAnswer(request.Batch.Reports.Count, 0), ProtocolJson.Default.ReportAnswer);

    /// <summary>Accepts all and asks for processes.</summary>
    public static Task AskAsync(ReceivedRequest request, HttpContext context, int processes) =>
        Json(context, 200, new ReportAnswer(request.Batch.Reports.Count, 0, new ReportAsk(processes)), ProtocolJson.Default.ReportAnswer);

    public static Task EnrolAsync(EnrolmentRequest request, HttpContext context) => Json(
        context,
        201,
        new EnrolmentAnswer { Id = 12, Name = request.Name, Token = NewToken, TokenExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5) },
        ProtocolJson.Default.EnrolmentAnswer);

    public static Task Problem(HttpContext context, int status, string detail, Dictionary<string, string[]>? errors = null, string? type = null) =>
        Json(context, status, new ProblemAnswer { Type = type, Title = "Refused", Status = status, Detail = detail, Errors = errors }, ProtocolJson.Default.ProblemAnswer);

    public static async Task Text(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(html);
    }

    /// <summary>The next request, in the order they came.</summary>
    public Task<ReceivedRequest> NextAsync() => WaitFor.Event(_received.Reader.ReadAsync().AsTask(), "a request of the agent");

    /// <summary>Takes the next request and checks which reports are in it.</summary>
    public async Task ExpectAsync(params long[] sequences) => Assert.Equal(sequences, (await NextAsync()).Sequences);

    /// <summary>The next enrolment, in the order they came.</summary>
    public Task<EnrolmentRequest> NextEnrolmentAsync() => WaitFor.Event(_enrolments.Reader.ReadAsync().AsTask(), "an enrolment");

    public bool HasEnrolment => _enrolments.Reader.TryPeek(out _);

    public bool HasAnother => _received.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        // Connections that a test left hanging are not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private static async Task Json<T>(HttpContext context, int status, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 300 ? "application/json" : "application/problem+json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, type)));
    }

    private async Task HandleAsync(HttpContext context)
    {
        var isCompressed = context.Request.Headers.ContentEncoding == "gzip";
        using var body = new MemoryStream();
        if (isCompressed)
        {
            await using var gzip = new GZipStream(context.Request.Body, CompressionMode.Decompress);
            await gzip.CopyToAsync(body);
        }
        else
        {
            await context.Request.Body.CopyToAsync(body);
        }

        Assert.Equal("application/json", context.Request.ContentType);
        if (context.Request.Path.Value!.EndsWith("/api/v1/enrol", StringComparison.Ordinal))
        {
            var enrolment = JsonSerializer.Deserialize(body.ToArray(), ProtocolJson.Default.EnrolmentRequest)!;
            _enrolments.Writer.TryWrite(enrolment);
            await AnswerEnrolment(enrolment, context);
            return;
        }

        var batch = JsonSerializer.Deserialize(body.ToArray(), ProtocolJson.Default.ReportBatch)!;
        var request = new ReceivedRequest(context.Request.Path, context.Request.Headers["X-Agent-Token"], isCompressed, (int)body.Length, batch);
        _received.Writer.TryWrite(request);
        await Answer(request, context);
    }
}
