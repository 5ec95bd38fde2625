using StatusMonitor.Gateway.OpenApi;

namespace StatusMonitor.Gateway.History;

/// <summary>What the API's document says of history.</summary>
internal static class HistoryDocs
{
    private const string Range =
        " `from` and `to` are how long ago (`-5m`, `-1h30m`; s, m, h, d, w, mo, y), `now()`, ISO 8601 (UTC if it names no zone), a date, or Unix seconds or milliseconds; a range that reaches"
        + " into the future ends now. Points are aligned to multiples of a round `step`, never more than `points`, and each has the lowest, mean and highest value of what is in it, so that no spike is"
        + " lost. With `format=csv`, or `Accept: text/csv`, it is streamed as CSV with the columns `time,host,series,min,mean,max`, and without `points` it has everything there is.";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly long At = Noon.ToUnixTimeMilliseconds();
    private static readonly Dictionary<string, string> NoLabels = [];
    private static readonly Dictionary<string, string> Nic = new() { ["nic"] = "eth0" };
    private static readonly long[] Times = [At, At + 300_000, At + 900_000];
    private static readonly SeriesHistoryView Cpu = new("cpu.percent", "cpu.percent", NoLabels, "percent", "gauge", "value", [1.5, null, 2], [12.25, null, 13.5], [80, null, 40.5]);
    private static readonly HistoryGapView Gap = new(At + 290_000, At + 910_000, "host-offline");

    private static readonly Microsoft.AspNetCore.Mvc.ProblemDetails[] Invalid =
    [
        Problems.Invalid(new Dictionary<string, string[]> { ["from"] = [$"must be {TimeExpression.Accepted}"], ["points"] = [$"must be 1 to {HistoryRequest.MaxPoints}"] }),
    ];

    public static ApiDoc Catalogue { get; } = new("List a host's series", "Its catalogue: what it ever reported, by name, with the unit of each and when it first and last had a value.")
    {
        Answer = new CatalogueView(
        [
            new CatalogueSeriesView("cpu.percent", "cpu.percent", NoLabels, "percent", "gauge", "CPU time in use, all cores together.", Noon.AddDays(-30), Noon),
            new CatalogueSeriesView("net.rx.bytes{nic=eth0}", "net.rx.bytes", Nic, "bytes", "counter", "Bytes received by an interface.", Noon.AddDays(-30), Noon),
        ]),
    };

    public static ApiDoc OfHost { get; } = new(
        "Read a host's history",
        "Up to 200 series at once, picked by name or with globs in their labels. Counters are shown as rates per second unless `view=value`. Where nothing was measured for longer than it should have"
        + " been, one point is null, and `gaps` says from when to when and why. Where so few samples are in the range that they fit, they are given as they are: `step` is then 0, and `min` and `max`"
        + " are not there." + Range)
    {
        Answer = new HistoryAnswer(At, At + 3_600_000, "minute", 300_000, null, Times, [Cpu], [Gap]),
        Problems = Invalid,
    };

    public static ApiDoc OfHosts { get; } = new(
        "Compare hosts", "The same of 2 to 8 hosts, in the same steps. A host that the account may not see is one that does not exist." + Range)
    {
        Answer = new HistoryOfHostsAnswer(At, At + 3_600_000, "minute", 300_000, [new HostHistoryView(7, "web-1", null, Times, [Cpu], [Gap]), new HostHistoryView(8, "web-2", null, Times, [Cpu], [])]),
        Problems = [.. Invalid, Problems.HostNotFound(8)],
    };

    public static ApiDoc OfFleet { get; } = new(
        "Read the mean over all hosts",
        "Of all hosts that the account may see: by point and series the mean of the hosts' means, the lowest and highest of all, and how many `hosts` had a value." + Range)
    {
        Answer = new FleetHistoryAnswer(
            At, At + 3_600_000, "minute", 300_000, [At, At + 300_000],
            [new FleetSeriesView("cpu.percent", "cpu.percent", NoLabels, "percent", "gauge", "value", [0.5, 1], [12.25, 13.5], [100, 99], [41, 42])]),
        Problems = Invalid,
    };
}
