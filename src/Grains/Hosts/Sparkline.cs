using System.Collections.Immutable;

namespace StatusMonitor.Grains.Hosts;

/// <summary>One series of the ring, thinned to a small picture.</summary>
public static class Sparkline
{
    /// <summary>
    /// Divides the window that ends with the newest sample into <paramref name="points"/> equal parts and takes the largest value
    /// of each, so that a spike stays visible; NaN for a part without samples. Empty if the series has none.
    /// </summary>
    public static ImmutableArray<double> Of(SampleRing ring, int seriesId, TimeSpan window, int points)
    {
        if (seriesId < 0 || ring.Newest is not { } newest || points < 1) return [];

        var parts = new double[points];
        Array.Fill(parts, double.NaN);
        var hasAny = false;
        var from = newest - (long)window.TotalMilliseconds;
        ring.Read((at, ids, values) =>
        {
            var place = Array.IndexOf(ids, seriesId);
            if (place < 0) return;
            hasAny = true;
            var part = Math.Clamp((int)((at - from) / window.TotalMilliseconds * points), 0, points - 1);
            if (!(parts[part] >= values[place])) parts[part] = values[place];
        });
        return hasAny ? [.. parts] : [];
    }
}
