using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>The whole server in this process, with real Kestrel on a port of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Folder? _ownData;
    private bool _isStopped;

    private RunningServer(WebApplication app, Folder? ownData, LoggedErrors errors)
    {
        _app = app;
        _ownData = ownData;
        Errors = errors;
        Data = app.Services.GetRequiredService<ServerOptions>().Data;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>A client as an operator at the machine itself would use.</summary>
    public HttpClient Http { get; }

    public string Data { get; }

    public IServiceProvider Services => _app.Services;

    internal LoggedErrors Errors { get; }

    internal string OperatorKey => File.ReadAllText(Path.Combine(Data, "operator.key")).Trim();

    /// <param name="options">Changes the options.</param>
    /// <param name="services">Replaces services; what is registered last counts.</param>
    /// <param name="data">A data folder that stays; without it the server gets its own for its time.</param>
    /// <param name="pipeline">Comes before everything else in the pipeline.</param>
    public static async Task<RunningServer> StartAsync(
        Action<ServerOptions>? options = null, Action<IServiceCollection>? services = null, string? data = null, Action<WebApplication>? pipeline = null)
    {
        var ownData = data is null ? new Folder() : null;
        var serverOptions = new ServerOptions { Port = 0, Data = data ?? ownData!.Path };
        options?.Invoke(serverOptions);

        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServer(serverOptions);
        var errors = new LoggedErrors();
        builder.Logging.ClearProviders().AddProvider(errors);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        pipeline?.Invoke(app);
        app.UseServer();
        await app.StartAsync();
        return new RunningServer(app, ownData, errors);
    }

    /// <summary>Makes a host through the API, as the dashboard does.</summary>
    internal async Task<EnrolledHost> EnrolAsync(string name = "a host")
    {
        using var response = await Http.PostAsJsonAsync("/api/v1/hosts", new { name });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var host = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new EnrolledHost(Http, host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!);
    }

    public async Task StopAsync()
    {
        if (_isStopped) return;
        _isStopped = true;
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        _ownData?.Dispose();
    }
}

/// <summary>One server for all tests of a class.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>What the server logged as an error, which no request may cause.</summary>
internal sealed class LoggedErrors : ILoggerProvider
{
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_errors) return [.. _errors];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LoggedErrors errors, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            lock (errors._errors) errors._errors.Add($"{category}: {formatter(state, exception)} {exception}");
        }
    }
}
