using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What the alerts of all hosts of a silo share.</summary>
public sealed class HostAlertServices(
    IGrainFactory grains,
    RuleBooks books,
    ForecastReader forecasts,
    IAlertStore incidents,
    IOptions<HostOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<HostAlertServices> logger)
{
    internal IGrainFactory Grains { get; } = grains;

    internal RuleBooks Books { get; } = books;

    internal ForecastReader Forecasts { get; } = forecasts;

    internal IAlertStore Incidents { get; } = incidents;

    internal HostOptions Options { get; } = options.Value;

    internal TimeProvider Time { get; } = time;

    internal ILogger Logger { get; } = logger;
}
