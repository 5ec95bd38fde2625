using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.History;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Alert rules over REST: an account's own, and what one would have made of the past.</summary>
internal static class RuleEndpoints
{
    public static void AddRules(this IServiceCollection services) => services.AddSingleton<RulePreviews>();

    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/v1/alerts/rules").WithTags("Alerts").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        rules.MapGet("", List).Documented(RuleDocs.List);
        rules.MapPost("", Create).Documented(RuleDocs.Create);
        rules.MapPost("restore-defaults", RestoreDefaults).Documented(RuleDocs.RestoreDefaults);
        rules.MapPost("preview", Preview).Documented(RuleDocs.Preview);
        rules.MapGet("{id:long}", Get).Documented(RuleDocs.Get);
        rules.MapPut("{id:long}", Replace).Documented(RuleDocs.Replace);
        rules.MapPatch("{id:long}", Change).Documented(RuleDocs.Change);
        rules.MapDelete("{id:long}", Delete).Documented(RuleDocs.Delete);
    }

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains) => Results.Ok(View(await Book(context, grains).Get()));

    private static async Task<IResult> Get(long id, HttpContext context, IGrainFactory grains) =>
        await FindAsync(context, grains, id) is { } rule ? Results.Ok(RuleView.Of(rule)) : Problems.RuleNotFound(id).ToResult();

    private static async Task<IResult> Create(RuleRequest request, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        if (await ReadAsync(request, context, gate, errors) is not { } rule) return Problems.Invalid(errors).ToResult();

        if (await Book(context, grains).Add(rule) is not { Outcome: RuleOutcome.Done, Rule: { } added }) return TooMany();
        await AuditAsync(context, audit, AuditActions.AlertRuleCreate, added);
        return Results.Created($"/api/v1/alerts/rules/{added.Id}", RuleView.Of(added));
    }

    private static async Task<IResult> Replace(long id, RuleRequest request, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit)
    {
        if (await FindAsync(context, grains, id) is not { } before) return Problems.RuleNotFound(id).ToResult();
        if (before.Kind == AlertKind.Classic) return ReadOnly();

        var errors = new Dictionary<string, string[]>();
        if (await ReadAsync(request, context, gate, errors) is not { } rule) return Problems.Invalid(errors).ToResult();
        return await StoreAsync(rule with { Id = id }, context, grains, audit);
    }

    private static async Task<IResult> Change(long id, RuleChangeRequest request, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (request.Enabled is not { } isEnabled) return Problems.Invalid(new Dictionary<string, string[]> { ["enabled"] = ["is missing"] }).ToResult();
        if (await FindAsync(context, grains, id) is not { } before) return Problems.RuleNotFound(id).ToResult();
        return before.Kind == AlertKind.Classic ? ReadOnly() : await StoreAsync(before with { IsEnabled = isEnabled }, context, grains, audit);
    }

    private static async Task<IResult> Delete(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await FindAsync(context, grains, id) is not { } rule || await Book(context, grains).Remove(id) != RuleOutcome.Done) return Problems.RuleNotFound(id).ToResult();
        await AuditAsync(context, audit, AuditActions.AlertRuleDelete, rule);
        return Results.NoContent();
    }

    private static async Task<IResult> RestoreDefaults(HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var rules = await Book(context, grains).RestoreDefaults();
        await audit.WriteAsync(context, AuditActions.AlertRuleRestore);
        return Results.Ok(View(rules));
    }

    private static async Task<IResult> Preview(RulePreviewRequest request, HttpContext context, HostGate gate, RulePreviews previews, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        var rule = RuleInput.Read(request.Rule, errors);
        var now = time.GetUtcNow();
        if (request.HostId is not { } hostId)
        {
            errors["hostId"] = ["is missing"];
            hostId = 0;
        }

        if (!TimeExpression.TryParse(request.From ?? "-7d", now, out var from)) errors["from"] = [$"must be {TimeExpression.Accepted}"];
        else if (from >= now.ToUnixTimeMilliseconds()) errors["from"] = ["must be before now"];
        if (rule is null || errors.Count > 0) return Problems.Invalid(errors).ToResult();

        if (await gate.AccessAsync(context.Account(), hostId) < HostAccess.Read) return Problems.HostNotFound(hostId).ToResult();
        return await previews.RunAsync(rule, hostId, new Storage.History.TimeRange(from, now.ToUnixTimeMilliseconds()), errors, context.RequestAborted) is { } preview
            ? Results.Ok(preview)
            : Problems.Invalid(errors).ToResult();
    }

    private static async Task<IResult> StoreAsync(AlertRule rule, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await Book(context, grains).Replace(rule) is not { Outcome: RuleOutcome.Done, Rule: { } changed }) return Problems.RuleNotFound(rule.Id).ToResult();
        await AuditAsync(context, audit, AuditActions.AlertRuleChange, changed);
        return Results.Ok(RuleView.Of(changed));
    }

    /// <summary>The rule; null, with what is wrong by field, also if it is for a host that the account may not see.</summary>
    private static async Task<AlertRule?> ReadAsync(RuleRequest request, HttpContext context, HostGate gate, Dictionary<string, string[]> errors)
    {
        var rule = RuleInput.Read(request, errors);
        if (rule?.Scope.HostId is { } hostId && await gate.AccessAsync(context.Account(), hostId) < HostAccess.Read) errors["scope"] = [$"no host has the id {hostId}"];
        return errors.Count == 0 ? rule : null;
    }

    private static async Task<AlertRule?> FindAsync(HttpContext context, IGrainFactory grains, long id) => (await Book(context, grains).Get()).FirstOrDefault(rule => rule.Id == id);

    private static IRuleBookGrain Book(HttpContext context, IGrainFactory grains) => grains.GetGrain<IRuleBookGrain>(context.Account().Id);

    private static RulesView View(IEnumerable<AlertRule> rules) => new([.. rules.Select(RuleView.Of)]);

    private static IResult TooMany() => Problems.TooMany($"Your account has {AlertRules.MaxRules} rules. Delete one first.").ToResult();

    private static IResult ReadOnly() => Problems.Invalid(new Dictionary<string, string[]> { ["kind"] = ["a classic rule cannot be changed, only deleted"] }).ToResult();

    private static Task AuditAsync(HttpContext context, AuditTrail audit, string action, AlertRule rule) =>
        audit.WriteAsync(context, action, AuditOutcomes.Ok, AuditTarget.Rule(context.Account().Id, rule.Id, rule.Name), rule.IsEnabled ? null : "disabled");
}
