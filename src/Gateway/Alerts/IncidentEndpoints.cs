namespace StatusMonitor.Gateway.Alerts;

/// <summary>Incidents: what went wrong, and what people did about it.</summary>
internal static class IncidentEndpoints
{
    public static void AddIncidents(this IServiceCollection services) => services.AddHostedService<AlertRetention>();
}
