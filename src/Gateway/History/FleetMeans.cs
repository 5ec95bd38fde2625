using Microsoft.Extensions.Caching.Memory;

namespace StatusMonitor.Gateway.History;

/// <summary>Reads means over hosts.</summary>
/// <remarks>
/// What series of a host a query picks is remembered for a minute: to read the catalogues of all hosts would take longer than what is looked for. A series that a host
/// begins to report is therefore in the means a minute later.
/// </remarks>
internal sealed class FleetMeans(HistoryReader reader) : IDisposable
{
    /// <summary>Reads that are under way at once, and hosts of each: to hand one to another thread takes as long as half of it.</summary>
    private const int Reads = 4;
    private const int HostsOfRead = 4;

    private const int MostRemembered = 20_000;
    private const int LongestRemembered = 256;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    // Its size is counted in series.
    private readonly MemoryCache _selections = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    /// <summary>The mean over hosts, of which a few are read ahead; null if they have more series than may be.</summary>
    public async Task<FleetHistory?> ReadAsync(IEnumerable<long> hosts, HistoryRequest request, CancellationToken cancellationToken)
    {
        var average = new FleetAverage(request.Range, request.Plan.Step);
        var reads = new Queue<Task<HostHistory[]>>();
        foreach (var some in hosts.Chunk(HostsOfRead))
        {
            reads.Enqueue(Task.Run(() => ReadAsync(some, request, cancellationToken), cancellationToken));
            if (reads.Count == Reads && !(await reads.Dequeue()).All(average.TryAdd)) return null;
        }

        while (reads.TryDequeue(out var read))
        {
            if (!(await read).All(average.TryAdd)) return null;
        }

        return average.ToHistory();
    }

    public void Dispose() => _selections.Dispose();

    private async Task<HostHistory[]> ReadAsync(long[] hostIds, HistoryRequest request, CancellationToken cancellationToken)
    {
        var histories = new HostHistory[hostIds.Length];
        for (var i = 0; i < hostIds.Length; i++) histories[i] = await ReadAsync(hostIds[i], request, cancellationToken);
        return histories;
    }

    private async Task<HostHistory> ReadAsync(long hostId, HistoryRequest request, CancellationToken cancellationToken)
    {
        var key = (hostId, request.View == HistoryView.Value, request.SelectorsText);
        if (!_selections.TryGetValue(key, out SeriesSelection? selection) || selection is null)
        {
            selection = SeriesSelection.Of(await reader.ReadSeriesAsync(hostId, cancellationToken), request.Selectors, request.View);
            // A host that has none may have some in a moment.
            var isRemembered = selection.Series.Length > 0 && request.SelectorsText.Length <= LongestRemembered;
            if (isRemembered) _selections.Set(key, selection, new MemoryCacheEntryOptions { Size = selection.Series.Length, AbsoluteExpirationRelativeToNow = Remembered });
        }

        return await reader.ReadAsync(hostId, selection, request.Range, request.Plan, mostSamples: -1, hasGaps: false, cancellationToken);
    }
}
