using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace StatusMonitor.Gateway.History;

/// <summary>Reads means over hosts.</summary>
/// <remarks>
/// For a minute two things are remembered: what series of a host a query picks, because to read the catalogues of all hosts would take longer than what is looked for; and what the same hosts
/// came to in stretches of time that are over, because a page asks for the same again and again. A series that a host begins to report, and what an agent sends late, is therefore in the
/// means a minute later.
/// </remarks>
internal sealed class FleetMeans(HistoryReader reader) : IDisposable
{
    /// <summary>Reads that are under way at once, and hosts of each: several together cost the store much less than each alone, and so many are not too much to hold.</summary>
    private const int Reads = 4;
    private const int HostsOfRead = 25;

    /// <summary>Points that are remembered together.</summary>
    private const int PointsOfStretch = 12;

    /// <summary>So long before the end of a range a stretch must be over, milliseconds: what agents have just measured is still under way.</summary>
    private const long Settling = 60_000;

    private const int MostRemembered = 20_000;
    private const int MostPointsRemembered = 200_000;
    private const int LongestRemembered = 256;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    // Its size is counted in series.
    private readonly MemoryCache _selections = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    // And this one's in points of series.
    private readonly MemoryCache _stretches = new(new MemoryCacheOptions { SizeLimit = MostPointsRemembered });

    /// <summary>The mean over hosts; null if they have more series than may be. The first point is of its whole step also where the range begins within it.</summary>
    public async Task<FleetHistory?> ReadAsync(long[] hosts, HistoryRequest request, CancellationToken cancellationToken)
    {
        var (range, step) = (request.Range, request.Plan.Step);
        var length = PointsOfStretch * step;
        if (request.Plan.Tier == HistoryTier.Raw || range.From < 0 || request.SelectorsText.Length > LongestRemembered)
        {
            var fresh = new FleetAverage(range, step);
            return await TryAddAsync(fresh, hosts, request, cancellationToken) ? fresh.ToHistory(range.From) : null;
        }

        var whole = range with { From = range.From - (range.From % length) };
        var average = new FleetAverage(whole, step);
        var key = new StretchKey(Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(hosts))), request.SelectorsText, request.View == HistoryView.Value, step, 0);
        var (at, settled) = (whole.From, range.To - Settling);
        for (; at + length <= settled && _stretches.TryGetValue(key with { From = at }, out IReadOnlyList<FleetSums>? known) && known is not null; at += length)
        {
            if (!average.TryAdd(known, at)) return null;
        }

        if (!await TryAddAsync(average, hosts, request with { Range = range with { From = at } }, cancellationToken)) return null;
        for (; at + length <= settled; at += length)
        {
            var part = average.Cut(at, PointsOfStretch);
            _stretches.Set(key with { From = at }, part, new MemoryCacheEntryOptions { Size = 1 + (part.Count * PointsOfStretch), AbsoluteExpirationRelativeToNow = Remembered });
        }

        return average.ToHistory(range.From);
    }

    public void Dispose()
    {
        _selections.Dispose();
        _stretches.Dispose();
    }

    /// <summary>Reads hosts, of which a few are read ahead. False if they have more series than may be.</summary>
    private async Task<bool> TryAddAsync(FleetAverage average, long[] hosts, HistoryRequest request, CancellationToken cancellationToken)
    {
        var reads = new Queue<Task<HostHistory?[]>>();
        foreach (var some in hosts.Chunk(HostsOfRead))
        {
            reads.Enqueue(Task.Run(() => request.Plan.Tier == HistoryTier.Raw ? ReadSamplesAsync(some, request, cancellationToken) : ReadRollupsAsync(some, request, cancellationToken), cancellationToken));
            if (reads.Count == Reads && !TryAdd(await reads.Dequeue())) return false;
        }

        while (reads.TryDequeue(out var read))
        {
            if (!TryAdd(await read)) return false;
        }

        return true;

        bool TryAdd(HostHistory?[] histories) => Array.TrueForAll(histories, history => history is not null && average.TryAdd(history));
    }

    private async Task<HostHistory?[]> ReadRollupsAsync(long[] hostIds, HistoryRequest request, CancellationToken cancellationToken)
    {
        (long Id, SeriesSelection? Known)[] hosts = [.. hostIds.Select(id => (id, _selections.Get<SeriesSelection>(KeyOf(id, request))))];
        var read = await reader.ReadRollupsAsync(hosts, request, hasGaps: false, cancellationToken);
        for (var i = 0; i < hosts.Length; i++)
        {
            if (hosts[i].Known is null) Remember(hosts[i].Id, request, read[i].Selection);
        }

        return Array.ConvertAll(read, static host => host.History);
    }

    private async Task<HostHistory?[]> ReadSamplesAsync(long[] hostIds, HistoryRequest request, CancellationToken cancellationToken)
    {
        var histories = new HostHistory?[hostIds.Length];
        for (var i = 0; i < histories.Length; i++)
        {
            if (!_selections.TryGetValue(KeyOf(hostIds[i], request), out SeriesSelection? selection) || selection is null)
            {
                selection = SeriesSelection.Of(await reader.ReadSeriesAsync(hostIds[i], cancellationToken), request.Selectors, request.View);
                Remember(hostIds[i], request, selection);
            }

            histories[i] = await reader.ReadAsync(hostIds[i], selection, request.Range, request.Plan, mostSamples: -1, hasGaps: false, cancellationToken);
        }

        return histories;
    }

    private static (long, bool, string) KeyOf(long hostId, HistoryRequest request) => (hostId, request.View == HistoryView.Value, request.SelectorsText);

    private void Remember(long hostId, HistoryRequest request, SeriesSelection selection)
    {
        // A host that has none may have some in a moment.
        if (selection.Series.Length == 0 || request.SelectorsText.Length > LongestRemembered) return;
        _selections.Set(KeyOf(hostId, request), selection, new MemoryCacheEntryOptions { Size = selection.Series.Length, AbsoluteExpirationRelativeToNow = Remembered });
    }

    /// <summary>What a stretch is of: hosts, series and step; and when it begins.</summary>
    private readonly record struct StretchKey(string Hosts, string Selectors, bool IsValue, long Step, long From);
}
