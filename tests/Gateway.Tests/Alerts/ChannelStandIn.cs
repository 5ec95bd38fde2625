using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>A message as a webhook got it the first time.</summary>
/// <param name="Place">In the order they came.</param>
internal sealed record Told(int Place, string Kind, string[] Incidents);

/// <summary>A webhook's receiver, which counts. It outlives the server that is killed.</summary>
internal sealed class ChannelStandIn : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, Told> _told = [];
    private int _requests;

    private ChannelStandIn(WebApplication application) => _application = application;

    /// <summary>Called with each request, when it is counted and before it is answered.</summary>
    public Func<Task> OnRequest { get; set; } = () => Task.CompletedTask;

    public string Address => $"{_application.Urls.First()}/hook";

    /// <summary>Messages by their ids.</summary>
    public IReadOnlyDictionary<string, Told> Messages => _told;

    /// <summary>Messages that came again.</summary>
    public int Repeats => Volatile.Read(ref _requests) - _told.Count;

    public static async Task<ChannelStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var standIn = new ChannelStandIn(application);
        application.Run(standIn.HandleAsync);
        await application.StartAsync();
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var told = new Told(
            Interlocked.Increment(ref _requests),
            body.RootElement.GetProperty("kind").GetString()!,
            [.. body.RootElement.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("incident").GetString()!)]);
        _told.TryAdd(context.Request.Headers["Idempotency-Key"].ToString(), told);
        await OnRequest();
    }
}
