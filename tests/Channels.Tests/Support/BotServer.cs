using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Silo;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>The server's silo with its channels, on a folder, with real desks and stores, in real time.</summary>
internal sealed class BotServer : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _hasStopped;

    private BotServer(string folder, Action<TelegramOptions> telegram)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        builder.Services.Configure<SqliteOptions>(options => options.Folder = folder);
        builder.AddSingleSilo(new SiloPorts());
        builder.Services.AddSingleton<IChatAudit>(Audit);
        builder.Services.AddChannels(channels => channels.PublicUrl = "https://monitor.example.org", telegram).AddTelegramStart();
        _host = builder.Build();
    }

    public AllLines Log { get; } = new();

    public ChatAuditStandIn Audit { get; } = new();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IAlertStore Store => _host.Services.GetRequiredService<IAlertStore>();

    public ITelegramPollerGrain Poller => Grains.GetGrain<ITelegramPollerGrain>(0);

    public static async Task<BotServer> StartAsync(string folder, BotApiStandIn bot, Action<TelegramOptions>? telegram = null)
    {
        var server = new BotServer(folder, options =>
        {
            (options.Token, options.ApiUrl, options.PollWait, options.AfterConflict) = (BotApiStandIn.Token, bot.Address, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.2));
            telegram?.Invoke(options);
        });
        await server._host.StartAsync();
        return server;
    }

    public IAlertDeskGrain Desk(long account) => Grains.GetGrain<IAlertDeskGrain>(account);

    public async Task<long> AddAccountAsync(string name, AccountRole role = AccountRole.User) => (await Grains.GetGrain<IAccountDirectoryGrain>(0).Create(name, "hash", role)).Account!.Id;

    public async Task<long> AddHostAsync(long owner, string name)
    {
        var id = await Grains.GetGrain<IHostNumbersGrain>(0).Next();
        await Grains.GetGrain<IHostGrain>(id).Register(new NewHost(name, owner, null, []));
        return id;
    }

    /// <summary>An alert fires, and is told at once and by itself.</summary>
    public async Task<string> FireAsync(long account, long host, string hostName, string ruleName = "CPU busy", long number = 1)
    {
        if ((await Desk(account).GetRouting()).GroupBy != Grouping.None) await Desk(account).SetRouting(new AlertRouting(Grouping.None, TimeSpan.Zero, []));
        var id = $"{host}-{number}";
        await Desk(account).Accept([Fired(account, host, hostName, ruleName, id)]);
        return id;
    }

    public static AlertTransition Fired(long account, long host, string hostName, string ruleName, string id) => new()
    {
        Id = id,
        AccountId = account,
        Kind = TransitionKind.Fired,
        At = TimeProvider.System.GetUtcNow(),
        IncidentId = id,
        HostId = host,
        HostName = hostName,
        People = new HostPeople(account, []),
        Rule = new AlertRule { Id = 12, Name = ruleName, Kind = AlertKind.Threshold, Series = "cpu.percent", Threshold = 90, Severity = AlertSeverity.Critical },
        Series = "cpu.percent",
        Value = 97.3,
        IsTold = true,
        IsOpen = true,
    };

    public async Task StopAsync()
    {
        if (_hasStopped) return;
        _hasStopped = true;
        await _host.StopAsync();
        _host.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}

/// <summary>Everything that is logged.</summary>
internal sealed class AllLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> All => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(AllLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
