using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Classic;

/// <summary>
/// Alerts of the older StatusMonitor: its rules, the chat they are told in, and what was told. The rules are of the account's rule book, of a kind of their own, and
/// the chat is one of its channels; everything here is the account's alone.
/// </summary>
internal static class ClassicAlerts
{
    private const int MaxChatLength = 64;
    private const int MaxLimit = 1000;
    private const double MaxThreshold = 100;

    public static void MapClassicAlerts(this IEndpointRouteBuilder routes)
    {
        // Its dashboard asked below the path where its proxy had put the alerts.
        foreach (var path in new[] { "", "/api/alerts" })
        {
            var alerts = routes.MapGroup(path).WithMetadata(ClassicEndpoint.HistoryMark).WithSmallBodies().RequireAuthorization(AccessPolicy.SignedIn);
            alerts.MapGet("/rules", (RequestDelegate)ListRules).ForPrograms();
            alerts.MapPost("/rules", (RequestDelegate)AddRule);
            alerts.MapDelete("/rules/{id}", (RequestDelegate)DeleteRule);
            alerts.MapGet("/recipient", (RequestDelegate)GetRecipient).ForPrograms();
            alerts.MapPost("/recipient", (RequestDelegate)SetRecipient);
            alerts.MapGet("/history", (RequestDelegate)History).ForPrograms();
            alerts.MapDelete("/history", (RequestDelegate)ClearHistory);
        }

        // For everybody, as it was; at the other place is the server's own.
        routes.MapGet("/api/alerts/health", context => WriteAsync(context, new ClassicStatus("ok"))).WithMetadata(ClassicEndpoint.HistoryMark);
    }

    private static async Task ListRules(HttpContext context)
    {
        var me = context.Account().Id;
        var rules = await Book(context).Get();
        await WriteAsync(context, rules.Where(rule => rule.Kind == AlertKind.Classic).Select(rule => ClassicRule.Of(rule, me)).ToArray());
    }

    private static async Task AddRule(HttpContext context)
    {
        var body = await ClassicBody.ReadAsync(context);
        var (agent, metric, condition, threshold) = (body.TextOrInteger("agent_id"), body.Text("metric_type"), body.Text("condition"), body.Number("threshold"));
        var isEnabled = body.Flag("enabled", otherwise: true);
        ClassicError[] errors = body.Errors.Count > 0 ? [.. body.Errors] : [.. RuleErrors(metric, condition, threshold)];
        if (errors.Length > 0)
        {
            await ClassicAnswer.RefuseAsync(context, errors);
            return;
        }

        var gate = context.RequestServices.GetRequiredService<HostGate>();
        var host = TryParse(agent, out var id) ? await gate.OwnAsync(context.Account(), id) : null;
        if (host is not { DeletedAt: null })
        {
            await ClassicAnswer.RefuseAsync(context, 404, "Agent not found or does not belong to you");
            return;
        }

        var isAbove = condition == ClassicRule.Above;
        var rule = new AlertRule
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{metric.ToUpperInvariant()} {(isAbove ? '>' : '<')} {threshold} %"),
            Kind = AlertKind.Classic,
            Scope = new RuleScope(ScopeKind.Host, HostId: host.Id),
            ClassicMetric = metric,
            Condition = isAbove ? AlertCondition.Above : AlertCondition.Below,
            Threshold = threshold,
            Cooldown = AlertRules.ClassicCooldown,
            IsEnabled = isEnabled,
        };
        if (await Book(context).Add(rule) is not { Outcome: RuleOutcome.Done, Rule: { } added })
        {
            await ClassicAnswer.RefuseAsync(context, 409, $"You have {AlertRules.MaxRules} rules. Delete one first.");
            return;
        }

        await AuditAsync(context, AuditActions.AlertRuleCreate, AuditTarget.Rule(context.Account().Id, added.Id, added.Name));
        await WriteAsync(context, ClassicRule.Of(added, context.Account().Id));
    }

    private static async Task DeleteRule(HttpContext context)
    {
        var text = (string)context.GetRouteValue("id")!;
        if (!BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            await ClassicAnswer.RefuseAsync(context, [ClassicError.NoInteger("path", "rule_id", text)]);
            return;
        }

        // Rules of ours have numbers of the same row; those it knows nothing of.
        var rule = (await Book(context).Get()).FirstOrDefault(rule => rule.Id == id && rule.Kind == AlertKind.Classic);
        if (rule is null || await Book(context).Remove(rule.Id) != RuleOutcome.Done)
        {
            await ClassicAnswer.RefuseAsync(context, 404, "Rule not found");
            return;
        }

        await AuditAsync(context, AuditActions.AlertRuleDelete, AuditTarget.Rule(context.Account().Id, rule.Id, rule.Name));
        await WriteAsync(context, new ClassicStatus("deleted"));
    }

    private static async Task GetRecipient(HttpContext context)
    {
        if (await FindRecipientAsync(context) is { } channel) await WriteAsync(context, ClassicRecipient.Of(channel, context.Account().Id));
        else await context.Response.WriteAsJsonAsync<ClassicRecipient?>(null, ClassicAlertsJson.Default.ClassicRecipient!, "application/json", context.RequestAborted);
    }

    /// <summary>Puts the chat in the place of the one before, or makes it the first. Its dashboard sends back all that it was given; the rest is not looked at.</summary>
    private static async Task SetRecipient(HttpContext context)
    {
        var body = await ClassicBody.ReadAsync(context);
        var (chat, isEnabled) = (body.TextOrInteger("telegram_chat_id").Trim(), body.Flag("enabled", otherwise: true));
        ClassicError[] errors = [.. body.Errors, .. ChatErrors(chat)];
        if (errors.Length > 0)
        {
            await ClassicAnswer.RefuseAsync(context, errors);
            return;
        }

        var settings = ImmutableDictionary<string, string>.Empty.Add(ClassicAlertText.ChatSetting, chat);
        var made = new AlertChannel { Name = "Classic recipient", Kind = ChannelKind.Telegram, IsClassic = true, IsEnabled = isEnabled, Settings = settings };
        AlertChannel? stored = null;
        // Twice: of two requests at a time one finds that the other has made it.
        for (var i = 0; i < 2 && stored is null; i++)
        {
            if (await FindRecipientAsync(context) is not { } before) stored = await Desk(context).AddChannel(made);
            else if (before with { IsEnabled = isEnabled, Settings = settings } is var changed && await Desk(context).ReplaceChannel(changed)) stored = changed;
        }

        if (stored is null)
        {
            await ClassicAnswer.RefuseAsync(context, 409, "You have as many channels as you may. Delete one first.");
            return;
        }

        await AuditAsync(context, AuditActions.ClassicRecipient, null, isEnabled ? null : "disabled");
        await WriteAsync(context, ClassicRecipient.Of(stored, context.Account().Id));
    }

    private static async Task History(HttpContext context)
    {
        var errors = new List<ClassicError>();
        var (limit, offset) = (Integer(context, "limit", 100, errors), Integer(context, "offset", 0, errors));
        if (errors.Count > 0)
        {
            await ClassicAnswer.RefuseAsync(context, errors);
            return;
        }

        if (limit < 1 || limit > MaxLimit || offset < 0)
        {
            await ClassicAnswer.RefuseAsync(context, 400, limit < 1 || limit > MaxLimit ? $"Limit must be between 1 and {MaxLimit}" : "Offset must be non-negative");
            return;
        }

        var agent = context.Request.Query["agent_id"] is [.., { } text] ? text : null;
        var metric = context.Request.Query["metric_type"] is [.., { } word] ? word : null;
        if ((agent is not null && !TryParse(agent, out _)) || offset > int.MaxValue)
        {
            await WriteAsync(context, Array.Empty<ClassicAlertRow>());
            return;
        }

        var store = context.RequestServices.GetRequiredService<IAlertStore>();
        var records = await store.ReadClassicAsync(
            context.Account().Id, agent is null ? null : long.Parse(agent, CultureInfo.InvariantCulture), metric, (int)limit, (int)offset, context.RequestAborted);
        var rules = (await Book(context).Get()).Where(rule => rule.Kind == AlertKind.Classic).Select(rule => rule.Id).ToHashSet();
        var rows = records.Select(record => (record.Id, Transition: JsonSerializer.Deserialize(record.Payload, DeskJson.Default.AlertTransition)!));
        await WriteAsync(context, rows.Select(row => ClassicAlertRow.Of(row.Id, row.Transition, rules.Contains(row.Transition.Rule.Id))).ToArray());
    }

    private static async Task ClearHistory(HttpContext context)
    {
        var cleared = await context.RequestServices.GetRequiredService<IAlertStore>().ClearClassicAsync(context.Account().Id, context.RequestAborted);
        if (cleared > 0) await AuditAsync(context, AuditActions.ClassicHistoryClear, null, $"{cleared} entries");
        await WriteAsync(context, new ClassicStatus("cleared"));
    }

    private static IEnumerable<ClassicError> RuleErrors(string metric, string condition, double threshold)
    {
        if (metric is not ("cpu" or "memory" or "disk")) yield return ClassicError.NotOneOf("metric_type", "cpu", "memory", "disk");
        if (condition is not (ClassicRule.Above or ClassicRule.Below)) yield return ClassicError.NotOneOf("condition", ClassicRule.Above, ClassicRule.Below);
        if (threshold < 0) yield return ClassicError.TooSmall("threshold", 0);
        if (threshold > MaxThreshold) yield return ClassicError.TooGreat("threshold", (int)MaxThreshold);
    }

    private static IEnumerable<ClassicError> ChatErrors(string chat)
    {
        if (chat.Length > MaxChatLength) yield return ClassicError.TooLong("telegram_chat_id", MaxChatLength);
        if (chat.Any(char.IsControl)) yield return ClassicError.Value("telegram_chat_id", "control characters are not allowed");
    }

    private static BigInteger Integer(HttpContext context, string name, int otherwise, List<ClassicError> errors)
    {
        if (context.Request.Query[name] is not [.., var last]) return otherwise;
        if (BigInteger.TryParse(last, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        errors.Add(ClassicError.NoInteger("query", name, last ?? ""));
        return otherwise;
    }

    private static bool TryParse(string agent, out long id) => long.TryParse(agent, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;

    private static async Task<AlertChannel?> FindRecipientAsync(HttpContext context) => (await Desk(context).GetChannels()).FirstOrDefault(channel => channel.IsClassic);

    private static IRuleBookGrain Book(HttpContext context) => context.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IRuleBookGrain>(context.Account().Id);

    private static IAlertDeskGrain Desk(HttpContext context) => context.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IAlertDeskGrain>(context.Account().Id);

    private static Task AuditAsync(HttpContext context, string action, AuditTarget? target, string? detail = null) =>
        context.RequestServices.GetRequiredService<AuditTrail>().WriteAsync(context, action, AuditOutcomes.Ok, target, detail);

    private static Task WriteAsync<T>(HttpContext context, T answer) =>
        context.Response.WriteAsJsonAsync(answer, typeof(T), ClassicAlertsJson.Default, "application/json", context.RequestAborted);
}
