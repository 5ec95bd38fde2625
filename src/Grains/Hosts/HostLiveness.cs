using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Hosts;

/// <summary>Whether a host is heard of.</summary>
[JsonConverter(typeof(HostStatusConverter))]
public enum HostStatus
{
    /// <summary>It has never reported.</summary>
    Pending,

    /// <summary>Its reports come as expected.</summary>
    Online,

    /// <summary>Reports are missing, but not for long enough to call it offline.</summary>
    Late,

    /// <summary>It has been silent for too long.</summary>
    Offline,
}

/// <summary>Writes a status as the word people read: <c>pending</c>, <c>online</c>, <c>late</c>, <c>offline</c>.</summary>
public sealed class HostStatusConverter() : JsonStringEnumConverter<HostStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Decides from silence alone; times are a monotonic clock's, so that a wall clock that is set changes nothing.</summary>
public static class HostLiveness
{
    /// <summary>Silence after which a host is late.</summary>
    public static TimeSpan LateAfter(TimeSpan interval, HostOptions options) => interval * options.LateAfterIntervals;

    /// <summary>Silence after which a host is offline.</summary>
    public static TimeSpan OfflineAfter(TimeSpan interval, HostOptions options)
    {
        var missed = interval * options.OfflineAfterIntervals;
        return missed > options.MinOfflineAfter ? missed : options.MinOfflineAfter;
    }

    /// <summary>The status after a silence, and how much longer it can last until the status changes (null: only a report changes it).</summary>
    /// <param name="silence">Time since the last report, or since we could first have heard one if that is later.</param>
    /// <param name="interval">The agent's interval.</param>
    /// <param name="options">The bounds.</param>
    public static (HostStatus Status, TimeSpan? ChangesIn) Evaluate(TimeSpan silence, TimeSpan interval, HostOptions options)
    {
        var offline = OfflineAfter(interval, options);
        if (silence > offline) return (HostStatus.Offline, null);

        var late = LateAfter(interval, options);
        return silence > late ? (HostStatus.Late, offline - silence) : (HostStatus.Online, (late < offline ? late : offline) - silence);
    }
}
