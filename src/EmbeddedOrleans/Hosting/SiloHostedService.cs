using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.Runtime;

/// <summary>Starts and stops the silo with the process: before the web server, which starts last, and after it.</summary>
internal sealed class SiloHostedService(Silo silo, IServiceProvider services) : IHostedService
{
    private readonly ReminderService? _reminders = services.GetService<ReminderService>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Start();
        if (_reminders is not null) await _reminders.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await silo.StopAsync(cancellationToken);

        // After the grains, which may register reminders as they end.
        if (_reminders is not null) await _reminders.StopAsync(cancellationToken);
    }
}
