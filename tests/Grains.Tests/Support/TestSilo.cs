using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Silo;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Sqlite;
using HostOptions = StatusMonitor.Grains.Hosts.HostOptions;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>A server's silo on a data folder, with a clock that the test moves and storage that it can make fail.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    /// <summary>The account that owns the hosts of tests that care about no account.</summary>
    public const long Owner = 1;

    private readonly IHost _host;

    // Would otherwise be collected, and hear nothing.
    private readonly List<object> _subscriptions = [];
    private bool _hasStopped;

    private TestSilo(string folder, FakeTime time, Action<HostOptions> configure, Action<IServiceCollection>? services, TestDesk desk)
    {
        Time = time;
        Desk = desk;
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.Configure<SqliteOptions>(options => options.Folder = folder);
        builder.Services.Configure(configure);
        builder.AddSingleSilo(new SiloPorts());
        builder.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, (services, _) => new GrainTime(time, services));
        builder.Services.AddSingleton<SqliteSampleJournal>();
        builder.Services.AddSingleton<ISampleJournal>(services => new FragileJournal(services.GetRequiredService<SqliteSampleJournal>(), Faults));
        builder.Services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (services, _) => new FragileGrainStorage(new SqliteGrainStorage(services.GetRequiredService<SqliteStore>()), Faults));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<HostAlertServices>(services, desk.In(services.GetRequiredService<IGrainFactory>()), desk.Store));
        services?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public FakeTime Time { get; }

    public Faults Faults { get; } = new();

    /// <summary>What hosts tell of their alerts; the desks themselves hear nothing of it.</summary>
    public TestDesk Desk { get; }

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    public T Service<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public ISampleJournal Journal => _host.Services.GetRequiredService<ISampleJournal>();

    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    private SqliteGrainStorage Storage => new(_host.Services.GetRequiredService<SqliteStore>());

    public static async Task<TestSilo> StartAsync(string folder, FakeTime? time = null, Action<HostOptions>? configure = null, Action<IServiceCollection>? services = null, TestDesk? desk = null)
    {
        var silo = new TestSilo(folder, time ?? new FakeTime(), configure ?? (static _ => { }), services, desk ?? new TestDesk());
        await silo._host.StartAsync();
        return silo;
    }

    public IHostGrain Host(long id) => Client.GetGrain<IHostGrain>(id);

    /// <summary>Makes a host of the default owner's, without a token.</summary>
    public Task RegisterAsync(long id, string name = "web-1") => Host(id).Register(new NewHost(name, Owner, null, []));

    public IFleetGrain Shard(long hostId) => FleetGrain.For(Client, hostId);

    /// <summary>Makes a host that may report.</summary>
    public async Task<TestAgent> EnrolAsync(long id, string name = "web-1")
    {
        await RegisterAsync(id, name);
        return await AgentAsync(id);
    }

    /// <summary>An agent with a new token for a host that is there already.</summary>
    public async Task<TestAgent> AgentAsync(long id, bool replace = false)
    {
        var issued = await Host(id).IssueToken(replace);
        Assert.True(TokenHash.TryHash(issued!.Token, out var hash));
        return new TestAgent(this, id, hash);
    }

    /// <summary>Stores a state as an earlier version, or one that crashed, left it. Before the grain is used for the first time.</summary>
    public async Task StoreAsync(string name, IAddressable grain, string json)
    {
        var state = new GrainState<JsonElement>();
        await Storage.ReadStateAsync(name, grain.GetGrainId(), state);
        using var stored = JsonDocument.Parse(json);
        state.State = stored.RootElement;
        await Storage.WriteStateAsync(name, grain.GetGrainId(), state);
    }

    /// <summary>What is stored of a grain, whatever it has in memory.</summary>
    public async Task<T> StoredAsync<T>(string name, IAddressable grain)
    {
        var state = new GrainState<T>();
        await Storage.ReadStateAsync(name, grain.GetGrainId(), state);
        return state.State!;
    }

    /// <summary>
    /// Waits until the host has done what it had to do: this call changes nothing, and does not begin before ticks that came earlier have ended.
    /// </summary>
    public async Task SettleAsync(long id) =>
        Assert.Equal(ReportOutcome.UnknownToken, (await Host(id).Report(new HostReports(default, null, []))).Outcome);

    /// <summary>Moves the clock, in steps in which the host can follow.</summary>
    public async Task AdvanceAsync(TimeSpan by, long id)
    {
        for (var step = TimeSpan.FromMilliseconds(250); by > TimeSpan.Zero; by -= step)
        {
            Time.Advance(by < step ? by : step);
            await SettleAsync(id);
        }
    }

    /// <summary>Moves the clock until the host has a status, and gives the time that took.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(HostStatus status, long id, TimeSpan limit)
    {
        var start = Time.GetTimestamp();
        while ((await Host(id).GetSummary())!.Status != status)
        {
            Assert.True(Time.GetElapsedTime(start) < limit, $"The host was not {status} within {limit}.");
            await AdvanceAsync(TimeSpan.FromMilliseconds(100), id);
        }

        return Time.GetElapsedTime(start);
    }

    /// <summary>What the topic brings from now on.</summary>
    public async Task<LiveEvents<T>> SubscribeAsync<T>(string topic)
        where T : LiveUpdate
    {
        var events = new LiveEvents<T>(Time);
        var subscription = new LiveSubscription<T>(Client, topic, update =>
        {
            events.Add(update);
            return Task.CompletedTask;
        });
        _subscriptions.Add(subscription);
        await subscription.StartAsync();
        return events;
    }

    /// <summary>Stops as a server that is told to.</summary>
    public async Task StopAsync()
    {
        if (_hasStopped) return;
        _hasStopped = true;
        await _host.StopAsync();
        _host.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}

/// <summary>Events of one topic, in the order they came.</summary>
internal sealed class LiveEvents<T>(FakeTime time)
{
    private readonly Channel<T> _events = Channel.CreateUnbounded<T>();

    public void Add(T update) => _events.Writer.TryWrite(update);

    /// <summary>The next event.</summary>
    public async Task<T> NextAsync(string what)
    {
        using var patience = new CancellationTokenSource(Waiting.Patience);
        try
        {
            return await _events.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{what} never came.");
        }
    }

    /// <summary>The next event of a publisher that has a timer.</summary>
    public async Task<T> NextWhileTimePassesAsync(TimeSpan step, string what)
    {
        T? next = default;
        await Waiting.UntilAsync(
            () =>
            {
                time.Advance(step);
                return Task.FromResult(_events.Reader.TryRead(out next));
            },
            what);
        return next!;
    }

    public bool TryNext(out T? update) => _events.Reader.TryRead(out update);
}

/// <summary>An agent as the gateway shows it to the grain.</summary>
internal sealed class TestAgent(TestSilo silo, long hostId, TokenHash token)
{
    private static readonly SeriesSet Cpu = new(["cpu.percent"]);

    private long _sequence;

    public static TokenHash NewHash() => TokenHash.TryHash(TokenHash.NewToken(), out var hash) ? hash : throw new InvalidOperationException("A new token could not be hashed.");

    public TokenHash Token { get; } = token;

    public long HostId { get; } = hostId;

    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    public string BootId { get; set; } = "boot-1";

    /// <summary>The report of a moment by the silo's clock, or another.</summary>
    public HostReport Report(double cpu = 1, long? at = null) => Report(at ?? silo.Time.Milliseconds, Cpu, cpu);

    public HostReport Report(long at, SeriesSet series, params double[] values) => new(_sequence++, BootId, at, Interval, series, [.. values]);

    /// <summary>When the agent says it sent what it sends, or null for one that does not say.</summary>
    public long? SentAt { get; set; }

    public Task<ReportResult> SendAsync(params HostReport[] reports) => SendAsync(null, reports);

    public Task<ReportResult> SendAsync(HostDescription? description, params HostReport[] reports) =>
        silo.Host(HostId).Report(new HostReports(Token, description, [.. reports], SentAt));

    /// <summary>The same agent, after the server was started anew.</summary>
    public TestAgent At(TestSilo other) => new(other, HostId, Token) { Interval = Interval, BootId = BootId, _sequence = _sequence };
}

/// <summary>Waits, in real time, for what comes by itself.</summary>
internal static class Waiting
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> hasHappened, string what)
    {
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var start = TimeProvider.System.GetTimestamp();
        while (!await hasHappened())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{what} never came.");
            await pulse.WaitForNextTickAsync();
        }
    }
}
