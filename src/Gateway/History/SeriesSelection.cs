using System.Collections.Immutable;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>A series that is asked for.</summary>
/// <param name="Id">The host's number for it.</param>
/// <param name="Name">Its canonical name.</param>
/// <param name="Definition">What is known of its name without labels.</param>
/// <param name="IsRate">Whether it is shown as a rate per second.</param>
internal readonly record struct SelectedSeries(int Id, string Name, SeriesDefinition Definition, bool IsRate)
{
    /// <summary>Unit of what is shown.</summary>
    public string Unit => IsRate ? $"{Definition.Unit}/s" : Definition.Unit;

    public bool IsCounter => Definition.Kind == SeriesKind.Counter;
}

/// <summary>The series of a host that a query picks.</summary>
/// <param name="Series">In the order of the selectors, then by name; each once.</param>
/// <param name="Ids">Their ids, ascending.</param>
/// <param name="KnownSince">When the host was first heard of, Unix milliseconds; <see cref="long.MaxValue"/> if never.</param>
internal sealed record SeriesSelection(ImmutableArray<SelectedSeries> Series, ImmutableArray<int> Ids, long KnownSince)
{
    /// <summary>Whether a query may not pick as many.</summary>
    public bool IsTooMany => Series.Length > HistoryRequest.MaxSeries;

    /// <summary>Whether a rate is among them, which needs the sample before the first.</summary>
    public bool HasRates => Series.Any(static series => series.IsRate);

    /// <summary>Whether a counter's total is among them.</summary>
    public bool HasTotals => Series.Any(static series => series.IsCounter && !series.IsRate);

    public static SeriesSelection Of(IReadOnlyList<StoredSeries> catalogue, ImmutableArray<SeriesSelector> selectors, HistoryView view)
    {
        var knownSince = long.MaxValue;
        foreach (var series in catalogue) knownSince = Math.Min(knownSince, series.FirstAt);

        var found = new List<SelectedSeries>();
        var seen = new HashSet<int>();
        foreach (var selector in selectors)
        {
            var before = found.Count;
            var isName = catalogue.Any(series => selector.IsNameOf(series.Name));
            foreach (var series in catalogue)
            {
                if ((isName ? selector.IsNameOf(series.Name) : selector.Matches(series.Name)) && seen.Add(series.Id)) found.Add(Describe(series, view));
            }

            found.Sort(before, found.Count - before, ByName);
        }

        return new SeriesSelection([.. found], [.. seen.Order()], knownSince);
    }

    /// <summary>The name without labels.</summary>
    public static string MetricOf(string name) => name.IndexOf('{', StringComparison.Ordinal) is var brace && brace < 0 ? name : name[..brace];

    private static readonly Comparer<SelectedSeries> ByName = Comparer<SelectedSeries>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static SelectedSeries Describe(StoredSeries series, HistoryView view)
    {
        var definition = KnownSeries.Describe(MetricOf(series.Name));
        return new SelectedSeries(series.Id, series.Name, definition, definition.Kind == SeriesKind.Counter && view != HistoryView.Value);
    }
}
