using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>Tests with a silo of their own on a folder of their own, and with its restarts.</summary>
public abstract class SiloTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grains-tests-").FullName;
    private Action<HostOptions>? _configure;
    private Action<IServiceCollection>? _services;

    private protected TestSilo Silo { get; private set; } = null!;

    private protected FakeTime Time => Silo.Time;

    public async Task InitializeAsync() => Silo = await TestSilo.StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await Silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts the server anew, as another process some time later: its monotonic clock knows nothing of the one before.</summary>
    private protected async Task RestartAsync(TimeSpan away = default, Action<HostOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        _configure = configure ?? _configure;
        _services = services ?? _services;
        await Silo.DisposeAsync();
        Silo = await TestSilo.StartAsync(_folder, new FakeTime(Time.Wall + away), _configure, _services, Silo.Desk);
    }

    private protected async Task<HostStatus> StatusAsync(long id) => (await Silo.Host(id).GetSummary())!.Status;
}
