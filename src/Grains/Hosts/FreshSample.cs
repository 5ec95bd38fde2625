using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Grains.Hosts;

/// <summary>A report on its way into the ring, with what the journal gets of it.</summary>
internal readonly record struct FreshSample(HostReport Report, int[] SeriesIds, JournalRow Row)
{
    /// <summary>Encodes the reports that are not in the ring; those the journal alone still has, it will recognise. False if there would be too many series.</summary>
    public static bool TryEncode(ImmutableArray<HostReport> reports, SampleRing ring, SeriesCatalogue catalogue, DateTimeOffset received, out List<FreshSample> fresh)
    {
        fresh = new List<FreshSample>(reports.Length);
        foreach (var report in reports)
        {
            if (ring.Contains(report.At)) continue;
            if (!catalogue.TryMap(report.Series, out var ids)) return false;

            var row = new JournalRow(
                report.At,
                received.ToUnixTimeMilliseconds(),
                report.Sequence,
                (int)report.Interval.TotalMilliseconds,
                SampleRow.Encode(ids, report.Values.AsSpan()));
            fresh.Add(new FreshSample(report, ids, row));
        }

        return true;
    }

    /// <summary>What watchers get of it.</summary>
    public LiveSample ToLive() => new(Report.At, ImmutableCollectionsMarshal.AsImmutableArray(SeriesIds), Report.Values);
}
