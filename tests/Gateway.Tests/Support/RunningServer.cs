using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StatusMonitor.Gateway.Accounts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>The whole server in this process, with real Kestrel on a port of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StringWriter _printed;
    // By data folder: the password of its administrator is printed only by the first server on it.
    private static readonly ConcurrentDictionary<string, string> AdminPasswords = new();

    private readonly Folder? _ownData;
    private readonly List<IDisposable> _clients = [];
    private int _users;
    private bool _isStopped;

    private RunningServer(WebApplication app, Folder? ownData, LoggedErrors errors, StringWriter printed)
    {
        _app = app;
        _ownData = ownData;
        _printed = printed;
        Errors = errors;
        Data = app.Services.GetRequiredService<ServerOptions>().Data;
        Address = new Uri(app.Urls.First());
        Anonymous = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>The administrator of the first start.</summary>
    public SignedIn Admin { get; private set; } = null!;

    /// <summary>The administrator's client.</summary>
    public HttpClient Http => Admin.Http;

    /// <summary>A client of nobody.</summary>
    public HttpClient Anonymous { get; }

    public string Data { get; }

    public IServiceProvider Services => _app.Services;

    internal LoggedErrors Errors { get; }

    /// <summary>What the server printed for the person who started it.</summary>
    public string Printed => _printed.ToString();

    /// <param name="options">Changes the options.</param>
    /// <param name="services">Replaces services; what is registered last counts.</param>
    /// <param name="data">A data folder that stays; without it the server gets its own for its time.</param>
    /// <param name="pipeline">Comes before everything else in the pipeline.</param>
    /// <param name="signsIn">Signs the administrator in; without it there is no <see cref="Admin"/>.</param>
    public static async Task<RunningServer> StartAsync(
        Action<ServerOptions>? options = null, Action<IServiceCollection>? services = null, string? data = null, Action<WebApplication>? pipeline = null, bool signsIn = true)
    {
        var ownData = data is null ? new Folder() : null;
        var serverOptions = new ServerOptions
        {
            Port = 0,
            Data = data ?? ownData!.Path,
            // As little as there may be: what the hashes are good for is not tried here, and each sign-in makes one.
            PasswordMemoryKib = 8,
            PasswordPasses = 1,
            // All tests of a class come from one address.
            MaxLoginsPerAddress = 10_000,
            MaxRegistrationsPerAddress = 10_000,
        };
        options?.Invoke(serverOptions);

        var builder = WebApplication.CreateSlimBuilder();
        builder.AddServer(serverOptions);
        var errors = new LoggedErrors();
        builder.Logging.ClearProviders().AddProvider(errors);
        var printed = new StringWriter();
        builder.Services.AddSingleton(new StartMessages(TextWriter.Synchronized(printed)));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        pipeline?.Invoke(app);
        app.UseServer();
        await app.StartAsync();
        var server = new RunningServer(app, ownData, errors, printed);
        if (signsIn) await server.SignInAdminAsync();
        return server;
    }

    /// <summary>Makes an account and signs it in.</summary>
    /// <param name="name">User name; one of its own without it.</param>
    /// <param name="role">What it may do, as on the wire.</param>
    public async Task<SignedIn> SignInAsync(string? name = null, string role = "user")
    {
        name ??= $"user {Interlocked.Increment(ref _users)}";
        using var response = await Http.PostAsJsonAsync("/api/v1/users", new { username = name, role });
        var answer = await Answer.OfAsync(response);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return await SignInAsync(name, answer.Json.GetProperty("password").GetString()!, renews: false);
    }

    /// <summary>Signs in to an account there is.</summary>
    public async Task<SignedIn> SignInAsync(string name, string password, bool renews)
    {
        var user = await SignedIn.InAsync(Address, name, password, renews);
        lock (_clients) _clients.Add(user);
        return user;
    }

    /// <summary>Makes a host through the API, as the dashboard does.</summary>
    internal async Task<EnrolledHost> EnrolAsync(string name = "a host", SignedIn? @as = null)
    {
        var http = (@as ?? Admin).Http;
        using var response = await http.PostAsJsonAsync("/api/v1/hosts", new { name });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var host = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new EnrolledHost(http, host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!);
    }

    /// <summary>Makes a host of an account.</summary>
    internal async Task OwnAsync(long accountId, string name)
    {
        var grains = Services.GetRequiredService<IGrainFactory>();
        await grains.GetGrain<IHostGrain>(await grains.GetGrain<IHostNumbersGrain>(0).Next()).Register(new NewHost(name, accountId, null, []));
    }

    private async Task SignInAdminAsync()
    {
        if (SignedIn.PrintedPassword(Printed) is { } password) AdminPasswords[Data] = password;
        Admin = await SignInAsync("admin", AdminPasswords[Data], renews: true);
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
        Anonymous.Dispose();
        foreach (var client in _clients) client.Dispose();
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
