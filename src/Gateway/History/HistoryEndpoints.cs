using System.Globalization;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>History over REST: a host's catalogue, its series, those of several hosts to compare, and the mean over all hosts.</summary>
internal static class HistoryEndpoints
{
    private const int MaxHosts = 8;

    public static void AddHistory(this IServiceCollection services) => services.AddSingleton<HistoryReader>().AddSingleton<FleetMeans>();

    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        var history = routes.MapGroup("/api/v1").WithTags("History").RequireAuthorization(AccessPolicy.SignedIn);

        history.MapGet("hosts/{id:long}/series", Catalogue).Needs(HostAccess.Read).Documented(HistoryDocs.Catalogue);
        history.MapGet("hosts/{id:long}/history", OfHost).Needs(HostAccess.Read).Documented(HistoryDocs.OfHost);
        history.MapGet("history", OfHosts).Documented(HistoryDocs.OfHosts);
        history.MapGet("fleet/history", OfFleet).Documented(HistoryDocs.OfFleet);
    }

    private static async Task<IResult> Catalogue(long id, HistoryReader reader, CancellationToken cancellationToken)
    {
        var series = await reader.ReadSeriesAsync(id, cancellationToken);
        return Results.Ok(new CatalogueView([.. series.OrderBy(one => one.Name, StringComparer.Ordinal).Select(View)]));
    }

    private static async Task<IResult> OfHost(long id, [AsParameters] HistoryParameters parameters, HttpContext context, HistoryReader reader, IGrainFactory grains, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        if (HistoryRequest.Read(parameters, context.Request.Headers.Accept, reader.Options, time.GetUtcNow(), errors) is not { } request) return Problems.Invalid(errors).ToResult();

        var cancellationToken = context.RequestAborted;
        if (request.IsCsv)
        {
            var selection = SeriesSelection.Of(await reader.ReadSeriesAsync(id, cancellationToken), request.Selectors, request.View);
            if (selection.IsTooMany) return Problems.Invalid(HistoryRequest.TooManySeries).ToResult();
            return await grains.GetGrain<IHostGrain>(id).GetSummary() is { } host
                ? new CsvResult(reader, request, [new HostQuery(id, host.Name, selection)])
                : Problems.HostNotFound(id).ToResult();
        }

        return (await reader.ReadAsync(id, request, cancellationToken)).History is { } answer ? new HostResult(request, answer) : Problems.Invalid(HistoryRequest.TooManySeries).ToResult();
    }

    private static async Task<IResult> OfHosts([AsParameters] HistoryOfHostsParameters parameters, HttpContext context, HistoryReader reader, HostGate gate, IGrainFactory grains, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        var ids = ReadHosts(parameters.Host, errors);
        var common = new HistoryParameters(parameters.Series, parameters.From, parameters.To, parameters.Points, parameters.View, parameters.Format);
        if (HistoryRequest.Read(common, context.Request.Headers.Accept, reader.Options, time.GetUtcNow(), errors) is not { } request) return Problems.Invalid(errors).ToResult();

        var hosts = new List<HostQuery>();
        var count = 0;
        foreach (var id in ids)
        {
            if (await gate.AccessAsync(context.Account(), id) < HostAccess.Read || await grains.GetGrain<IHostGrain>(id).GetSummary() is not { } host) return Problems.HostNotFound(id).ToResult();
            var selection = SeriesSelection.Of(await reader.ReadSeriesAsync(id, context.RequestAborted), request.Selectors, request.View);
            if ((count += selection.Series.Length) > HistoryRequest.MaxSeries) return Problems.Invalid(HistoryRequest.TooManySeries).ToResult();
            hosts.Add(new HostQuery(id, host.Name, selection));
        }

        return request.IsCsv ? new CsvResult(reader, request, hosts) : new HostsResult(reader, request, hosts);
    }

    private static async Task<IResult> OfFleet([AsParameters] HistoryParameters parameters, HttpContext context, HistoryReader reader, FleetMeans means, IGrainFactory grains, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        var now = time.GetUtcNow();
        if (HistoryRequest.Read(parameters, context.Request.Headers.Accept, reader.Options, now, errors) is not { } request) return Problems.Invalid(errors).ToResult();

        var hosts = await FleetPages.ReadAllAsync(grains, context.Account().Viewer);
        // A mean needs steps that are the same for all, so there is no "everything there is".
        var plan = HistoryPlan.ChooseForMean(request.Range, request.Points ?? HistoryRequest.MaxPoints, hosts.Count, reader.Options, now.ToUnixTimeMilliseconds());
        request = request with { Plan = plan };
        return await means.ReadAsync([.. hosts.Select(host => host.Id).Order()], request, context.RequestAborted) is { } fleet
            ? new FleetResult(request, fleet)
            : Problems.Invalid(HistoryRequest.TooManySeries).ToResult();
    }

    private static List<long> ReadHosts(string[]? texts, Dictionary<string, string[]> errors)
    {
        var ids = new List<long>();
        foreach (var text in texts ?? [])
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !ids.Contains(id)) ids.Add(id);
        }

        if (ids.Count is < 2 or > MaxHosts || ids.Count != texts!.Length) errors["host"] = [$"must be there 2 to {MaxHosts} times, each with the id of another host"];
        return ids;
    }

    private static CatalogueSeriesView View(StoredSeries series)
    {
        var definition = KnownSeries.Describe(SeriesSelection.MetricOf(series.Name));
        var labels = SeriesName.TryParse(series.Name, out var name, out _) ? name.Labels.ToDictionary(label => label.Name, label => label.Value) : [];
        return new CatalogueSeriesView(
            series.Name,
            definition.Name,
            labels,
            definition.Unit,
            definition.Kind == SeriesKind.Counter ? "counter" : "gauge",
            definition.Meaning,
            DateTimeOffset.FromUnixTimeMilliseconds(series.FirstAt),
            DateTimeOffset.FromUnixTimeMilliseconds(series.LastAt));
    }

    /// <summary>A host whose history is asked for.</summary>
    private sealed record HostQuery(long Id, string Name, SeriesSelection Selection);

    private sealed class HostResult(HistoryRequest request, HostHistory history) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var json = new HistoryJson(httpContext);
            json.Start(request.Range, request.Plan.Tier, history.Step);
            await json.WriteAsync(history);
        }
    }

    /// <summary>One host is read and written before the next.</summary>
    private sealed class HostsResult(HistoryReader reader, HistoryRequest request, List<HostQuery> hosts) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            // What fails with the first host can still be said with a status.
            HostHistory? history = await ReadAsync(hosts[0]);
            using var json = new HistoryJson(httpContext);
            json.Start(request.Range, request.Plan.Tier, request.Plan.Step);
            json.StartHosts();
            foreach (var host in hosts)
            {
                json.StartHost(host.Id, host.Name);
                await json.WriteAsync(history ?? await ReadAsync(host));
                json.EndHost();
                history = null;
            }

            json.EndHosts();

            // Points that are to be compared have the same times, so not those of the samples.
            Task<HostHistory> ReadAsync(HostQuery host) => reader.ReadAsync(host.Id, host.Selection, request.Range, request.Plan, mostSamples: -1, hasGaps: true, httpContext.RequestAborted);
        }
    }

    private sealed class FleetResult(HistoryRequest request, FleetHistory fleet) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            if (request.IsCsv)
            {
                var csv = new HistoryCsv(httpContext, "fleet", request.Range);
                await csv.WriteAsync(fleet);
                await csv.EndAsync();
                return;
            }

            using var json = new HistoryJson(httpContext);
            json.Start(request.Range, request.Plan.Tier, request.Plan.Step);
            await json.WriteAsync(fleet);
        }
    }

    /// <summary>Hosts one after the other, and of each a slice of the range after the other, so that a year takes no more memory than a day.</summary>
    private sealed class CsvResult(HistoryReader reader, HistoryRequest request, List<HostQuery> hosts) : IResult
    {
        private const long Hour = 3_600_000;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var csv = new HistoryCsv(httpContext, hosts.Count == 1 ? hosts[0].Name : "hosts", request.Range);
            foreach (var host in hosts)
            {
                foreach (var slice in Slices())
                {
                    await csv.WriteAsync(host.Name, await reader.ReadAsync(host.Id, host.Selection, slice, request.Plan, mostSamples: -1, hasGaps: false, httpContext.RequestAborted));
                }
            }

            await csv.EndAsync();
        }

        private IEnumerable<TimeRange> Slices()
        {
            if (request.Points is not null)
            {
                yield return request.Range;
                yield break;
            }

            // Each ends where a bucket of its tier does, so that none is in two of them.
            var length = request.Plan.Tier switch { HistoryTier.Raw => Hour, HistoryTier.Minute => 24 * Hour, _ => 30 * 24 * Hour };
            for (var from = request.Range.From; from < request.Range.To;)
            {
                var to = Math.Min(((from / length) + 1) * length, request.Range.To);
                yield return new TimeRange(from, to);
                from = to;
            }
        }
    }
}
