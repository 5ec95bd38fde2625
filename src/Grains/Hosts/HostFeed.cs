using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What watchers of one host are sent. There is one only for a host that was ever watched, and it publishes only while a lease runs.</summary>
internal sealed partial class HostFeed(long hostId, ILiveTopicGrain topic, SeriesCatalogue catalogue, TimeProvider time, ILogger logger)
{
    private long? _watchedUntil;

    // Series that watchers have been told of.
    private int _announcedSeries;

    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched
    {
        get
        {
            if (_watchedUntil is not { } until) return false;
            if (time.GetTimestamp() <= until) return true;
            _watchedUntil = null;
            return false;
        }
    }

    /// <summary>Begins or renews the lease. Whoever begins to watch takes a snapshot, which has the series there are. False if it begins.</summary>
    public bool Watch(TimeSpan lease)
    {
        var wasWatched = IsWatched;
        if (!wasWatched) _announcedSeries = catalogue.Names.Count;
        _watchedUntil = time.GetTimestamp() + (long)(lease.TotalSeconds * time.TimestampFrequency);
        return wasWatched;
    }

    /// <summary>Publishes what changed. Never fails: a watcher that missed something takes a new snapshot.</summary>
    public async Task PublishAsync(HostSummary summary, ImmutableArray<LiveSample> samples, HostPeople? people = null)
    {
        var first = _announcedSeries;
        _announcedSeries = catalogue.Names.Count;
        try
        {
            await topic.Publish(new HostUpdate(summary.Status, summary.LastSeen, samples, first, [.. catalogue.Names.Skip(first)], people));
        }
        catch (Exception exception)
        {
            Log.PublishFailed(logger, exception, hostId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "An update of host {HostId} could not be published.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long hostId);
    }
}
