using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Classic;

/// <summary>
/// <c>/agents</c> of the older StatusMonitor. Its agents are hosts, and their ids host ids. An account sees those it owns and no others, and goes on
/// seeing a deleted one by its id.
/// </summary>
internal static class ClassicAgents
{
    private const string NotFound = "Agent not found";

    public static void AddClassicAgents(this IServiceCollection services) => services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, PagesForBrowsers>());

    public static void MapClassicAgents(this IEndpointRouteBuilder routes)
    {
        var classic = routes.MapGroup("/agents").WithMetadata(ClassicEndpoint.Mark).WithSmallBodies();
        classic.MapPost("validate-token", (RequestDelegate)ValidateToken);

        var agents = classic.MapGroup("").RequireAuthorization(AccessPolicy.SignedIn);
        agents.MapGet("", (RequestDelegate)List).ForPrograms();
        agents.MapPost("", (RequestDelegate)Create);
        agents.MapGet("{id}", (RequestDelegate)Get).ForPrograms();
        agents.MapDelete("{id}", (RequestDelegate)Delete);
        agents.MapPost("{id}/regenerate-token", (RequestDelegate)RegenerateToken);
    }

    private static async Task List(HttpContext context)
    {
        var (grains, gate, account) = (Grains(context), Gate(context), context.Account());
        var ids = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetOwned(account.Id)));
        var hosts = await Task.WhenAll(ids.SelectMany(shard => shard).Order().Select(id => gate.OwnAsync(account, id)));
        await WriteAsync(context, hosts.Where(host => host is { DeletedAt: null }).Select(host => ClassicAgentLine.Of(host!)).ToArray());
    }

    private static async Task Create(HttpContext context)
    {
        var body = await ClassicBody.ReadAsync(context);
        var name = body.Text("name").Trim();
        ClassicError[] errors = [.. body.Errors, .. NameErrors(name)];
        if (errors.Length > 0)
        {
            await ClassicAnswer.RefuseAsync(context, errors);
            return;
        }

        // The older system took an empty name; a host must be called something.
        if (name.Length == 0) name = "unnamed";
        if (await context.RequestServices.GetRequiredService<NewHosts>().MakeAsync(new NewHost(name, context.Account().Id, null, [])) is not { } made)
        {
            await ClassicAnswer.RefuseAsync(context, 401, "Could not validate credentials");
            return;
        }

        await AuditAsync(context, AuditActions.HostCreate, AuditTarget.Host(made.Id, name));
        await WriteWithTokenAsync(context, made.Id, made.Token);
    }

    private static async Task Get(HttpContext context)
    {
        if (await FindAsync(context) is { } host) await WriteAsync(context, ClassicAgent.Of(host));
    }

    private static async Task Delete(HttpContext context)
    {
        if (await FindAsync(context) is not { } host) return;

        // Deleting what is deleted is no error, as it was none.
        if (host.DeletedAt is null && await Grains(context).GetGrain<IHostGrain>(host.Id).Delete()) await AuditAsync(context, AuditActions.HostDelete, AuditTarget.Host(host.Id, host.Name));
        await WriteAsync(context, new ClassicMessage("Agent deleted successfully"));
    }

    private static async Task RegenerateToken(HttpContext context)
    {
        if (await FindAsync(context) is not { } host) return;
        if (await Grains(context).GetGrain<IHostGrain>(host.Id).IssueToken(replace: true) is not { } token)
        {
            await ClassicAnswer.RefuseAsync(context, 404, NotFound);
            return;
        }

        await AuditAsync(context, AuditActions.TokenRegenerate, AuditTarget.Token(host.Id, token.Id, host.Name));
        await WriteWithTokenAsync(context, host.Id, token.Token);
    }

    private static async Task ValidateToken(HttpContext context)
    {
        var values = context.Request.Query["token"];
        if (values.Count == 0)
        {
            await ClassicAnswer.RefuseAsync(context, [ClassicError.Missing("query", "token")]);
            return;
        }

        var grains = Grains(context);
        var hostId = TokenHash.TryHash(values[^1], out var token) ? await TokenDirectory.For(grains, token).Find(token) : null;
        if (hostId is not { } id)
        {
            await WriteAsync(context, ClassicValidation.Unknown);
            return;
        }

        var host = grains.GetGrain<IHostGrain>(id);
        var outcome = await host.ValidateToken(token);
        if (outcome == TokenOutcome.StorageFailed)
        {
            await ClassicAnswer.RefuseAsync(context, Problems.StorageFailed());
            return;
        }

        var record = outcome == TokenOutcome.Valid ? await host.GetRecord() : null;
        await WriteAsync(context, record is { DeletedAt: null }
            ? new ClassicValidation(true, id, record.People.OwnerId, record.Name, null)
            : outcome == TokenOutcome.Expired ? ClassicValidation.Expired : ClassicValidation.Unknown);
    }

    private static async Task<HostRecord?> FindAsync(HttpContext context)
    {
        var text = (string)context.GetRouteValue("id")!;
        if (!BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            await ClassicAnswer.RefuseAsync(context, [ClassicError.NoInteger("path", "agent_id", text)]);
            return null;
        }

        var host = id > 0 && id <= long.MaxValue ? await Gate(context).OwnAsync(context.Account(), (long)id) : null;
        if (host is null) await ClassicAnswer.RefuseAsync(context, 404, NotFound);
        return host;
    }

    private static IEnumerable<ClassicError> NameErrors(string name)
    {
        if (name.Length > HostInput.MaxNameLength)
        {
            yield return new ClassicError(
                "string_too_long", ["body", "name"], $"String should have at most {HostInput.MaxNameLength} characters", null, new JsonObject { ["max_length"] = HostInput.MaxNameLength });
        }

        if (name.Any(char.IsControl)) yield return new ClassicError("value_error", ["body", "name"], "Value error, control characters are not allowed", null);
    }

    private static async Task WriteWithTokenAsync(HttpContext context, long id, string token)
    {
        if (await Gate(context).OwnAsync(context.Account(), id) is { } host) await WriteAsync(context, ClassicAgentWithToken.Of(host, token));
        else await ClassicAnswer.RefuseAsync(context, 404, NotFound);
    }

    private static Task WriteAsync<T>(HttpContext context, T answer) =>
        context.Response.WriteAsJsonAsync(answer, typeof(T), ClassicAgentsJson.Default, "application/json", context.RequestAborted);

    private static Task AuditAsync(HttpContext context, string action, AuditTarget target) =>
        context.RequestServices.GetRequiredService<AuditTrail>().WriteAsync(context, action, AuditOutcomes.Ok, target);

    private static HostGate Gate(HttpContext context) => context.RequestServices.GetRequiredService<HostGate>();

    private static IGrainFactory Grains(HttpContext context) => context.RequestServices.GetRequiredService<IGrainFactory>();
}
