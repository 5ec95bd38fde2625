using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.History;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Classic;

/// <summary>
/// <c>/history</c> of the older StatusMonitor: percents by windows of time, and the network's totals. What is asked of another's host, or of none, is answered as if it had
/// never reported, as it was there.
/// </summary>
internal static class ClassicHistory
{
    private const string FiveMinutes = "5m";
    private const string OneMinute = "1m";

    // The + of a time's offset is written as it is, not as an escape: as the original did, and for clients that only search the text.
    private static readonly ClassicHistoryJson Json = new(new JsonSerializerOptions(ClassicHistoryJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void AddClassicHistory(this IServiceCollection services) => services.AddSingleton<ClassicWindows>();

    public static void MapClassicHistory(this IEndpointRouteBuilder routes)
    {
        // Its dashboard asked on the path where its proxy had put the history.
        foreach (var path in new[] { "/history/{id}", "/api/history/{id}" })
        {
            var history = routes.MapGroup(path).WithMetadata(ClassicEndpoint.HistoryMark).RequireAuthorization(AccessPolicy.SignedIn);
            history.MapGet("cpu", (RequestDelegate)(context => PercentAsync(context, "cpu", KnownSeries.CpuPercent))).ForPrograms();
            history.MapGet("memory", (RequestDelegate)(context => PercentAsync(context, "memory", KnownSeries.MemoryUsedPercent))).ForPrograms();
            history.MapGet("disk", (RequestDelegate)DiskAsync).ForPrograms();
            history.MapGet("network", (RequestDelegate)NetworkAsync).ForPrograms();
            history.MapGet("summary", (RequestDelegate)SummaryAsync).ForPrograms();
        }
    }

    private static async Task PercentAsync(HttpContext context, string metric, string series)
    {
        if (await ReadQueryAsync(context, "-1h", OneMinute) is not { } query) return;
        var found = await WindowsAsync(context, query, name => name == series);
        await WriteAsync(context, new ClassicMetric(metric, query.AgentId, [.. found.SelectMany(one => one.Windows).Select(window => new ClassicPoint(Time(window.End), window.Mean))]));
    }

    private static async Task DiskAsync(HttpContext context)
    {
        if (await ReadQueryAsync(context, "-1h", FiveMinutes) is not { } query) return;
        var mount = Text(context, "mountpoint", "");
        var found = await WindowsAsync(context, query, name => MountOf(name) is { } one && (mount.Length == 0 || one == mount));
        var data = found.OrderBy(one => MountOf(one.Series), StringComparer.Ordinal)
            .SelectMany(one => one.Windows.Select(window => new ClassicDiskPoint(Time(window.End), window.Mean, MountOf(one.Series)!)));
        await WriteAsync(context, new ClassicDisk("disk", query.AgentId, [.. data]));
    }

    private static async Task NetworkAsync(HttpContext context)
    {
        if (await ReadQueryAsync(context, "-1h", OneMinute) is not { } query) return;
        var found = await WindowsAsync(context, query, name => SeriesSelection.MetricOf(name) is KnownSeries.NetSentBytes or KnownSeries.NetReceivedBytes);
        await WriteAsync(context, new ClassicNetwork("network", query.AgentId, Totals(found, KnownSeries.NetSentBytes), Totals(found, KnownSeries.NetReceivedBytes)));
    }

    private static async Task SummaryAsync(HttpContext context)
    {
        if (await ReadQueryAsync(context, "-24h", null) is not { } query) return;
        var found = await WindowsAsync(context, query, name => name is KnownSeries.CpuPercent or KnownSeries.MemoryUsedPercent);
        await WriteAsync(context, new ClassicSummary(
            query.AgentId, new ClassicPeriod(query.Start, query.Stop), ClassicAggregate.Of(found, KnownSeries.CpuPercent), ClassicAggregate.Of(found, KnownSeries.MemoryUsedPercent)));
    }

    /// <summary>The totals of all interfaces: what the older agents count together already, else their sum.</summary>
    private static ClassicPoint[] Totals(IReadOnlyList<ClassicSeriesWindows> found, string metric)
    {
        var all = $"{metric}{{nic=all}}";
        var counted = found.Where(one => one.Series == all).ToArray();
        if (counted.Length == 0) counted = [.. found.Where(one => SeriesSelection.MetricOf(one.Series) == metric)];

        var totals = new SortedDictionary<long, double>();
        foreach (var window in counted.SelectMany(one => one.Windows)) totals[window.End] = totals.GetValueOrDefault(window.End) + window.Last;
        return [.. totals.Select(total => new ClassicPoint(Time(total.Key), total.Value))];
    }

    private static string? MountOf(string series) =>
        SeriesSelection.MetricOf(series) == KnownSeries.DiskUsedPercent && SeriesName.TryParse(series, out var name, out _) ? name.Label("mount") ?? "/" : null;

    /// <summary>The query, or null, and then the request is answered.</summary>
    private static async Task<ClassicHistoryQuery?> ReadQueryAsync(HttpContext context, string start, string? interval)
    {
        var text = (string)context.GetRouteValue("id")!;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            await ClassicAnswer.RefuseAsync(context, [ClassicError.NoInteger("path", "agent_id", text)]);
            return null;
        }

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        (start, var stop) = (Text(context, "start", start), Text(context, "stop", "now()"));
        var every = long.MaxValue;
        string? problem = null;
        if (!TimeExpression.TryParse(start, now, out var from)) problem = Invalid("start");
        else if (!TimeExpression.TryParse(stop, now, out var to)) problem = Invalid("stop");
        else if (interval is not null && !TimeExpression.TryParseLength(Text(context, "interval", interval), out every)) problem = "Invalid interval format. Use patterns like 10s, 1m, 5m, 1h, 1d";
        else if (from >= to) problem = "Invalid range: start must be before stop";
        else return new ClassicHistoryQuery(id, start, stop, new TimeRange(from, to), every);

        await ClassicAnswer.RefuseAsync(context, 400, problem);
        return null;

        static string Invalid(string field) => $"Invalid {field} format. Use patterns like -1h, -24h, -7d, -30d, -1y";
    }

    private static async Task<IReadOnlyList<ClassicSeriesWindows>> WindowsAsync(HttpContext context, ClassicHistoryQuery query, Func<string, bool> isWanted)
    {
        var services = context.RequestServices;
        var host = await services.GetRequiredService<HostGate>().OwnAsync(context.Account(), query.AgentId);
        return host is { DeletedAt: null } ? await services.GetRequiredService<ClassicWindows>().ReadAsync(host.Id, isWanted, query.Range, query.Every, context.RequestAborted) : [];
    }

    private static string Text(HttpContext context, string name, string otherwise) => context.Request.Query[name] is { Count: > 0 } values ? values[^1] ?? "" : otherwise;

    private static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString(at % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ss+00:00" : "yyyy-MM-ddTHH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture);

    private static Task WriteAsync<T>(HttpContext context, T answer) =>
        context.Response.WriteAsJsonAsync(answer, typeof(T), Json, "application/json", context.RequestAborted);

    /// <param name="AgentId">The host.</param>
    /// <param name="Start">Begin as it was written.</param>
    /// <param name="Stop">End as it was written.</param>
    /// <param name="Range">What they mean.</param>
    /// <param name="Every">Length of the windows, milliseconds.</param>
    private sealed record ClassicHistoryQuery(long AgentId, string Start, string Stop, TimeRange Range, long Every);
}
