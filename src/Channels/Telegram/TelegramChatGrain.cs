using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// One chat with the bot: which account it belongs to. The key is the chat's id. It belongs to one account at most, and for as long as that has the channel: who deletes
/// the channel on the dashboard ends the link. A chat whose number somebody typed by hand belongs to nobody and only listens.
/// </summary>
[Alias("StatusMonitor.ITelegramChatGrain")]
public interface ITelegramChatGrain : IGrainWithIntegerKey
{
    /// <summary>The account it belongs to, or null.</summary>
    [Alias("GetAccount")]
    Task<long?> GetAccount();

    /// <summary>Gives it to an account, which gets a channel for it; one that had it before loses its own. Null if the account has as many channels as it may.</summary>
    [Alias("Link")]
    Task<ChatLink?> Link(long accountId, string name);

    /// <summary>The chat has another id now: its link and channel go there.</summary>
    [Alias("MoveTo")]
    Task MoveTo(long chatId);
}

/// <summary>What linking a chat came to.</summary>
/// <param name="Channel">The account's channel for it.</param>
/// <param name="LostBy">The account that had it before, or null.</param>
/// <param name="Lost">The channel which that had.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.ChatLink")]
public sealed record ChatLink([property: Id(0)] AlertChannel Channel, [property: Id(1)] long? LostBy, [property: Id(2)] AlertChannel? Lost);

/// <inheritdoc cref="ITelegramChatGrain"/>
public sealed class TelegramChatGrain([PersistentState("telegram-chat")] IPersistentState<TelegramChatState> state) : Grain, ITelegramChatGrain
{
    private readonly StoredState<TelegramChatState> _state = new(state);

    private string Chat => this.GetPrimaryKeyLong().ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async Task<long?> GetAccount() => await ChannelAsync() is null ? null : _state.Value.AccountId;

    /// <inheritdoc/>
    public async Task<ChatLink?> Link(long accountId, string name)
    {
        // One that is there already is taken, also one that a crash before the last line left.
        var desk = GrainFactory.GetGrain<IAlertDeskGrain>(accountId);
        var channel = (await desk.GetChannels()).FirstOrDefault(IsOurs)
            ?? await desk.AddChannel(new AlertChannel { Name = name, Kind = ChannelKind.Telegram, Settings = Settings(Chat) });
        if (channel is null) return null;

        var before = _state.Value.AccountId is { } other && other != accountId ? other : (long?)null;
        var lost = before is null ? null : await ChannelAsync();
        if (lost is not null) await GrainFactory.GetGrain<IAlertDeskGrain>(before!.Value).RemoveChannel(lost.Id);
        await _state.Store(new TelegramChatState { AccountId = accountId, ChannelId = channel.Id });
        return new ChatLink(channel, lost is null ? null : before, lost);
    }

    /// <inheritdoc/>
    public async Task MoveTo(long chatId)
    {
        if (_state.Value.AccountId is not { } account || await ChannelAsync() is not { } channel) return;
        await GrainFactory.GetGrain<IAlertDeskGrain>(account).ReplaceChannel(channel with { Settings = Settings(chatId.ToString(CultureInfo.InvariantCulture)) });
        await GrainFactory.GetGrain<ITelegramChatGrain>(chatId).Link(account, channel.Name);
        await _state.Store(new TelegramChatState());
    }

    private static ImmutableDictionary<string, string> Settings(string chat) => ImmutableDictionary<string, string>.Empty.Add("chat", chat);

    private async Task<AlertChannel?> ChannelAsync()
    {
        if (_state.Value is not { AccountId: { } account, ChannelId: var id }) return null;
        return (await GrainFactory.GetGrain<IAlertDeskGrain>(account).GetChannels()).FirstOrDefault(channel => channel.Id == id && IsOurs(channel));
    }

    private bool IsOurs(AlertChannel channel) => channel is { Kind: ChannelKind.Telegram, IsClassic: false } && channel.Settings.GetValueOrDefault("chat") == Chat;
}

/// <summary>What is stored of a chat.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramChatState")]
public sealed class TelegramChatState
{
    /// <summary>The account it belongs to, or null.</summary>
    [Id(0)]
    public long? AccountId { get; init; }

    /// <summary>The account's channel for it.</summary>
    [Id(1)]
    public long ChannelId { get; init; }
}
