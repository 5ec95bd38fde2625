using System.Globalization;

namespace StatusMonitor.Grains.Live;

/// <summary>Names of what is watched live: the keys of <see cref="ILiveTopicGrain"/>.</summary>
public static class LiveTopics
{
    /// <summary><see cref="Alerts.AlertsChanged"/> of all accounts.</summary>
    public const string Alerts = "alerts";

    /// <summary><see cref="Grains.Alerts.RulesChanged"/> of all accounts.</summary>
    public const string Rules = "rules";

    /// <summary><see cref="Hosts.HostUpdate"/> of a host.</summary>
    public static string Host(long id) => string.Create(CultureInfo.InvariantCulture, $"hosts/{id}");

    /// <summary><see cref="Grains.Fleet.FleetUpdate"/> of a shard of the fleet.</summary>
    public static string Fleet(long shard) => string.Create(CultureInfo.InvariantCulture, $"fleet/{shard}");

    /// <summary><see cref="Accounts.AccountChanged"/> of an account.</summary>
    public static string Account(long id) => string.Create(CultureInfo.InvariantCulture, $"accounts/{id}");
}
