using StatusMonitor.Protocol;

namespace StatusMonitor.Storage.History;

/// <summary>Which series are counters.</summary>
internal static class SeriesCounters
{
    /// <summary>Whether the series of this full name is one. What is not known is a gauge.</summary>
    public static bool IsCounter(string seriesName)
    {
        var labels = seriesName.IndexOf('{', StringComparison.Ordinal);
        return KnownSeries.Describe(labels < 0 ? seriesName : seriesName[..labels]).Kind == SeriesKind.Counter;
    }
}
