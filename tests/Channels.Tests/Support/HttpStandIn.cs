using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>One request that came.</summary>
internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A real HTTP server on loopback that stands in for a service, and answers as a test tells it to: by default 200.</summary>
internal sealed class HttpStandIn : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<ReceivedRequest> _received = Channel.CreateUnbounded<ReceivedRequest>();

    private HttpStandIn(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = null!;

    public Func<ReceivedRequest, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public bool HasRequest => _received.Reader.TryPeek(out _);

    public static async Task<HttpStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AllowSynchronousIO = false);
        var application = builder.Build();
        var server = new HttpStandIn(application);
        application.Run(server.HandleAsync);
        await application.StartAsync();
        server.Address = new Uri(application.Urls.First());
        return server;
    }

    /// <summary>Answers everything with a status and headers.</summary>
    public void AnswerWith(int status, params (string Name, string Value)[] headers) => Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    /// <summary>The next request, in the order they came.</summary>
    public Task<ReceivedRequest> NextAsync() => Patience.For(_received.Reader.ReadAsync().AsTask(), "a request");

    public async ValueTask DisposeAsync()
    {
        // Connections that a test left hanging are not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ReceivedRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body.ToArray());
        await Answer(request, context);
        _received.Writer.TryWrite(request);
    }
}
