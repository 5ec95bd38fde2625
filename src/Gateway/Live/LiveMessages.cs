using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>Rows of the watched page that changed, each at its newest.</summary>
internal sealed record FleetChanged(FleetCounts Counts, IReadOnlyList<HostRow> Rows);

/// <summary>One sample; <paramref name="Values"/> are in the order of the host's catalogue and may be fewer.</summary>
internal sealed record SampleView(long At, IReadOnlyList<double?> Values);

/// <summary>New samples of a watched host. <paramref name="NewSeries"/> stand in the catalogue from <paramref name="FirstNewSeries"/> on.</summary>
internal sealed record HostSamples(long Id, int FirstNewSeries, IReadOnlyList<SeriesView> NewSeries, IReadOnlyList<SampleView> Samples);

/// <summary>The status of a watched host.</summary>
internal sealed record HostStatusChanged(long Id, HostStatus Status, DateTimeOffset? LastSeen);

/// <summary>A watched host was deleted, or is no longer shared with this account; nothing more comes of it.</summary>
internal sealed record HostGone(long Id);

/// <summary>Something of these incidents has changed; both empty: of any. Whoever shows them reads them again.</summary>
internal sealed record AlertsNews(IReadOnlyList<string> Incidents, IReadOnlyList<long> Hosts);

/// <summary>Something was left out because this browser was slow, or the page is made up of other hosts now: watch again. Null is the fleet.</summary>
internal sealed record Resync(long? HostId);
