using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Where an account's notifications go.</summary>
internal static class ChannelEndpoints
{
    // A test is a message to somebody; a code is a door that is open for a while.
    private const int MaxTests = 30;
    private const int MaxLinkCodes = 30;
    private static readonly TimeSpan LimitWindow = TimeSpan.FromMinutes(15);

    public static void AddChannelInput(this IServiceCollection services) => services.AddSingleton<ChannelInput>();

    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        var channels = routes.MapGroup("/api/v1/channels").WithTags("Alerts").WithSmallBodies().RequireAuthorization(AccessPolicy.SignedIn);

        channels.MapGet("", List).Documented(ChannelDocs.Channels);
        channels.MapPost("", Create).Documented(ChannelDocs.NewChannel);
        channels.MapPut("{id:long}", Change).Documented(ChannelDocs.ChangeChannel);
        channels.MapDelete("{id:long}", Delete).Documented(ChannelDocs.DeleteChannel);
        channels.MapPost("{id:long}/test", Test).Documented(ChannelDocs.TestChannel);
        channels.MapPost("telegram/link", Link).Documented(ChannelDocs.TelegramLink);
        routes.MapTelegramWebhook();
    }

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains, ChannelInput input, IOptions<TelegramOptions> telegram)
    {
        var channels = await Desk(context, grains).GetChannels();
        return Results.Ok(new ChannelsView([.. channels.OrderBy(channel => channel.Id).Select(input.ViewOf)], new AvailableChannels(await TelegramAsync(grains, telegram.Value))));
    }

    private static async Task<IResult> Create(ChannelRequest? request, HttpContext context, IGrainFactory grains, ChannelInput input, AuditTrail audit, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        if (input.Read(request, null, time.GetUtcNow(), errors) is not { } channel) return Problems.Invalid(errors).ToResult();
        if (await Desk(context, grains).AddChannel(channel) is not { } made) return Problems.TooMany("Your account has as many channels as it may. Delete one first.").ToResult();

        await audit.WriteAsync(context, AuditActions.ChannelCreate, target: Target(context, made), detail: made.Kind.ToString().ToLowerInvariant());
        return Results.Json(input.ViewOf(made), GatewayJson.Default.ChannelView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Change(long id, ChannelRequest? request, HttpContext context, IGrainFactory grains, ChannelInput input, AuditTrail audit, TimeProvider time)
    {
        var desk = Desk(context, grains);
        if (await FindAsync(desk, id) is not { } before) return Problems.ChannelNotFound(id).ToResult();
        var errors = new Dictionary<string, string[]>();
        if (input.Read(request, before, time.GetUtcNow(), errors) is not { } channel) return Problems.Invalid(errors).ToResult();
        if (!await desk.ReplaceChannel(channel)) return Problems.ChannelNotFound(id).ToResult();

        await audit.WriteAsync(context, AuditActions.ChannelChange, target: Target(context, channel), detail: Changes(before, channel));
        return Results.Ok(input.ViewOf(channel));
    }

    private static async Task<IResult> Delete(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var desk = Desk(context, grains);
        if (await FindAsync(desk, id) is not { } channel || !await desk.RemoveChannel(id)) return Problems.ChannelNotFound(id).ToResult();
        await audit.WriteAsync(context, AuditActions.ChannelDelete, target: Target(context, channel), detail: channel.Kind.ToString().ToLowerInvariant());
        return Results.NoContent();
    }

    private static async Task<IResult> Test(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var desk = Desk(context, grains);
        if (await FindAsync(desk, id) is not { } channel) return Problems.ChannelNotFound(id).ToResult();
        if (await WaitAsync(grains, $"channel-test:{context.Account().Id}", MaxTests) is { } wait) return Problems.TooManyAttempts(wait).ToResult();
        if (await desk.TestChannel(id) is not { } result) return Problems.ChannelNotFound(id).ToResult();

        var outcome = result.Outcome.ToString().ToLowerInvariant();
        await audit.WriteAsync(context, AuditActions.ChannelTest, target: Target(context, channel), detail: outcome);
        return Results.Ok(new ChannelTestView(outcome, result.Error));
    }

    private static async Task<IResult> Link(HttpContext context, IGrainFactory grains, AuditTrail audit, IOptions<TelegramOptions> telegram)
    {
        if (!telegram.Value.IsConfigured) return Problems.NoTelegram().ToResult();
        var account = context.Account();
        if (await WaitAsync(grains, $"channel-link:{account.Id}", MaxLinkCodes) is { } wait) return Problems.TooManyAttempts(wait).ToResult();
        if (await grains.GetGrain<ITelegramLinksGrain>(0).Issue(account.Id) is not { } link) return Problems.TooMany("Too many chats are being linked at the moment. Try again in ten minutes.").ToResult();

        var bot = (await TelegramAsync(grains, telegram.Value)).Bot;
        await audit.WriteAsync(context, AuditActions.ChannelLink, target: AuditTarget.Account(account.Id, account.Name));
        return Results.Ok(new TelegramLinkView(link.Code, Address("start"), Address("startgroup"), bot, link.ExpiresAt));

        string? Address(string parameter) => bot is null ? null : $"https://t.me/{bot}?{parameter}={link.Code}";
    }

    private static async Task<TelegramView> TelegramAsync(IGrainFactory grains, TelegramOptions options)
    {
        if (!options.IsConfigured) return new TelegramView(false, null, null);
        var status = await grains.GetGrain<ITelegramPollerGrain>(0).GetStatus();
        return new TelegramView(true, status.Bot, status.Problem);
    }

    private static Task<TimeSpan?> WaitAsync(IGrainFactory grains, string subject, int limit) => LoginLimiter.For(grains, subject).TryBegin(subject, limit, LimitWindow);

    private static IAlertDeskGrain Desk(HttpContext context, IGrainFactory grains) => grains.GetGrain<IAlertDeskGrain>(context.Account().Id);

    private static async Task<AlertChannel?> FindAsync(IAlertDeskGrain desk, long id) => (await desk.GetChannels()).FirstOrDefault(channel => channel.Id == id);

    private static AuditTarget Target(HttpContext context, AlertChannel channel) => AuditTarget.Channel(context.Account().Id, channel.Id, channel.Name);

    /// <summary>Names of what changed; never values, some of which are secret.</summary>
    private static string Changes(AlertChannel before, AlertChannel after)
    {
        var names = before.Settings.Keys.Union(after.Settings.Keys).Where(name => before.Settings.GetValueOrDefault(name) != after.Settings.GetValueOrDefault(name)).Order(StringComparer.Ordinal).ToList();
        if (before.Name != after.Name) names.Insert(0, "name");
        if (before.IsEnabled != after.IsEnabled) names.Insert(0, after.IsEnabled ? "enabled" : "disabled");
        return names.Count == 0 ? "nothing" : string.Join(", ", names);
    }
}
