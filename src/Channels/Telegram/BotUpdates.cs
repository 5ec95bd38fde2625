using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// Does what somebody asks the bot for. Whatever it does can be done again: it may be told of the same twice, if the server ends between doing it and noting that. Then only
/// the answer comes twice.
/// </summary>
internal sealed class BotUpdates(
    IGrainFactory grains,
    ChatAnswers answers,
    AlertPresses presses,
    ChatReplies replies,
    IChatAudit audit,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time)
{
    private const int MaxChannelName = 100;

    private readonly ChatLimits _limits = new(time);

    /// <summary>Looks at one update. Throws if something of ours failed, and it is to be tried again.</summary>
    public async Task HandleAsync(BotUpdate update, string? botName, CancellationToken cancellationToken)
    {
        if (update.CallbackQuery is { Message: { } pressed } callback)
        {
            if (_limits.TryCall(pressed.Chat.Id)) await presses.HandleAsync(callback, pressed.Chat, cancellationToken);
        }
        else if (update.Message is { MigrateToChatId: { } newId } moved)
        {
            await grains.GetGrain<ITelegramChatGrain>(moved.Chat.Id).MoveTo(newId);
        }
        else if (update.Message is { Text: not null, From: not { IsBot: true } } message)
        {
            if (await AnswerAsync(message, botName) is { } answer) await replies.SayAsync(IdOf(message.Chat), answer, cancellationToken);
        }
    }

    /// <summary>Who somebody is, as people who look at an incident know it.</summary>
    public static string NameOf(BotUser? user) =>
        $"{Texts.Line(user switch { { FirstName: { Length: > 0 } first, LastName: { Length: > 0 } last } => $"{first} {last}", { FirstName: { Length: > 0 } first } => first, { Username: { Length: > 0 } name } => name, _ => "somebody" }, 60)} (Telegram)";

    private static string IdOf(BotChat chat) => chat.Id.ToString(CultureInfo.InvariantCulture);

    private async Task<string?> AnswerAsync(BotMessage message, string? botName)
    {
        var call = CommandCall.Parse(message.Text, botName);
        // In a group people talk to each other; what begins with a slash may be another bot's.
        if (call is null && !message.Chat.IsPrivate) return null;
        if (!_limits.TryCall(message.Chat.Id)) return null;

        if (call is { Name: "start" or "link", Argument: { Length: > 0 } code }) return await LinkAsync(message.Chat, NameOf(message.From), code);
        if (await AccountAsync(message.Chat) is not { } account) return _limits.TryHint(message.Chat.Id) ? ChatAnswers.NotLinked : null;

        return call switch
        {
            { Name: "status" } => await answers.StatusAsync(account),
            { Name: "hosts" } => await answers.ListAsync(account),
            { Name: "host", Argument: var name } => await answers.HostAsync(account, name),
            { Name: "alerts" } => await answers.AlertsAsync(account),
            { Name: "mute", Argument: var how } => await answers.MuteAsync(new ChatPerson(account, NameOf(message.From)), how, DateTimeOffset.FromUnixTimeSeconds(message.Date)),
            { Name: "unmute" } => await answers.UnmuteAsync(new ChatPerson(account, NameOf(message.From))),
            { Name: "start" or "link" } => $"This chat gets the alerts of the account <b>{TelegramText.Name(account.Name)}</b>. /help says what it understands.",
            { Name: "help" } or null => ChatAnswers.Help,
            // In a group, it may be another bot's.
            _ => message.Chat.IsPrivate ? ChatAnswers.Help : null,
        };
    }

    private async Task<string> LinkAsync(BotChat chat, string person, string code)
    {
        var id = await grains.GetGrain<ITelegramLinksGrain>(0).Redeem(code, chat.Id);
        if (id is not { } accountId || await grains.GetGrain<IAccountGrain>(accountId).GetInfo() is not { IsDisabled: false } account) return ChatAnswers.WrongCode;

        var name = chat.IsPrivate ? chat.FirstName ?? chat.Username : chat.Title;
        var link = await grains.GetGrain<ITelegramChatGrain>(chat.Id).Link(accountId, Texts.Line(string.IsNullOrWhiteSpace(name) ? "Telegram" : $"Telegram: {name}", MaxChannelName));
        if (link is null) return "The account has as many channels as it may. Remove one on the dashboard first.";

        var who = new ChatPerson(account, person);
        await audit.LinkedAsync(who, link.Channel);
        if (link is { LostBy: { } before, Lost: { } lost }) await audit.UnlinkedAsync(who, before, lost);
        return $"✅ Linked: this chat gets the alerts of the account <b>{TelegramText.Name(account.Name)}</b> now. /help says what it understands.";
    }

    /// <summary>The account that a chat belongs to, if that may still see anything.</summary>
    private async Task<AccountInfo?> AccountAsync(BotChat chat) =>
        await grains.GetGrain<ITelegramChatGrain>(chat.Id).GetAccount() is { } id && await grains.GetGrain<IAccountGrain>(id).GetInfo() is { IsDisabled: false } account ? account : null;
}
