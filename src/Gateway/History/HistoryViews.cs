namespace StatusMonitor.Gateway.History;

/// <summary>A series of a host's catalogue.</summary>
/// <param name="Name">Its canonical name with labels.</param>
/// <param name="Metric">The name without labels.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Unit">Unit of a value; empty for a plain number.</param>
/// <param name="Kind"><c>gauge</c> or <c>counter</c>.</param>
/// <param name="Meaning">One sentence; empty if the series is not one of those we know.</param>
/// <param name="First">When it first had a value; to the hour if that is long ago.</param>
/// <param name="Last">When it last had one, likewise.</param>
internal sealed record CatalogueSeriesView(string Name, string Metric, IReadOnlyDictionary<string, string> Labels, string Unit, string Kind, string Meaning, DateTimeOffset First, DateTimeOffset Last);

/// <summary>A host's catalogue, by name.</summary>
internal sealed record CatalogueView(IReadOnlyList<CatalogueSeriesView> Series);

// The shapes of the answers that HistoryJson writes; the API's document is made of them.

/// <summary>The points of a series, as columns beside <c>times</c>.</summary>
/// <param name="Name">Its canonical name with labels.</param>
/// <param name="Metric">The name without labels.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Unit">Unit of what is shown.</param>
/// <param name="Kind"><c>gauge</c> or <c>counter</c>.</param>
/// <param name="View"><c>value</c>, or <c>rate</c>: per second.</param>
/// <param name="Min">Lowest of each point; not there if the points are the samples themselves (step 0).</param>
/// <param name="Mean">Mean of each point, to six decimals; of a counter's value the last one.</param>
/// <param name="Max">Highest of each point; not there if step is 0.</param>
internal sealed record SeriesHistoryView(
    string Name, string Metric, IReadOnlyDictionary<string, string> Labels, string Unit, string Kind, string View, IReadOnlyList<double?>? Min, IReadOnlyList<double?> Mean, IReadOnlyList<double?>? Max);

/// <summary>A stretch without samples, Unix milliseconds.</summary>
/// <param name="From">The last sample before it, or where the range begins.</param>
/// <param name="To">The first sample after it, or where the range ends.</param>
/// <param name="Reason"><c>host-offline</c>, or <c>server-away</c> if there was no server to hear the host.</param>
internal sealed record HistoryGapView(long From, long To, string Reason);

/// <summary>History of a host. Times are Unix milliseconds.</summary>
/// <param name="From">Begin of the range.</param>
/// <param name="To">Its end.</param>
/// <param name="Tier">What it was read from: <c>raw</c>, <c>minute</c> or <c>quarterHour</c>.</param>
/// <param name="Step">From one point to the next, milliseconds; 0 if the points are the samples themselves.</param>
/// <param name="Interval">How often the host reports, milliseconds, if samples were read.</param>
/// <param name="Times">Begin of each point. Points without a sample are left out, but for one in each gap.</param>
/// <param name="Series">The series.</param>
/// <param name="Gaps">Where nothing is known.</param>
internal sealed record HistoryAnswer(
    long From, long To, string Tier, long Step, long? Interval, IReadOnlyList<long> Times, IReadOnlyList<SeriesHistoryView> Series, IReadOnlyList<HistoryGapView> Gaps);

/// <summary>One of several hosts.</summary>
internal sealed record HostHistoryView(long Id, string Name, long? Interval, IReadOnlyList<long> Times, IReadOnlyList<SeriesHistoryView> Series, IReadOnlyList<HistoryGapView> Gaps);

/// <summary>History of several hosts, in the same steps.</summary>
internal sealed record HistoryOfHostsAnswer(long From, long To, string Tier, long Step, IReadOnlyList<HostHistoryView> Hosts);

/// <summary>A series over all hosts: the mean of the hosts' means, and the lowest and highest of all.</summary>
/// <param name="Name">Its canonical name with labels.</param>
/// <param name="Metric">The name without labels.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Unit">Unit of what is shown.</param>
/// <param name="Kind"><c>gauge</c> or <c>counter</c>.</param>
/// <param name="View"><c>value</c>, or <c>rate</c>: per second.</param>
/// <param name="Min">Lowest of each point.</param>
/// <param name="Mean">Mean of the hosts' means, to six decimals.</param>
/// <param name="Max">Highest of each point.</param>
/// <param name="Hosts">How many hosts each point is of.</param>
internal sealed record FleetSeriesView(
    string Name, string Metric, IReadOnlyDictionary<string, string> Labels, string Unit, string Kind, string View, IReadOnlyList<double?> Min, IReadOnlyList<double?> Mean, IReadOnlyList<double?> Max, IReadOnlyList<int> Hosts);

/// <summary>History of all hosts together.</summary>
internal sealed record FleetHistoryAnswer(long From, long To, string Tier, long Step, IReadOnlyList<long> Times, IReadOnlyList<FleetSeriesView> Series);
