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

    /// <summary>Gives it to an account, which gets a channel for it; one that had it before loses its own. False if the account has as many channels as it may.</summary>
    [Alias("Link")]
    Task<bool> Link(long accountId, string name);

    /// <summary>The chat has another id now: its link and channel go there.</summary>
    [Alias("MoveTo")]
    Task MoveTo(long chatId);
}

/// <inheritdoc cref="ITelegramChatGrain"/>
public sealed class TelegramChatGrain([PersistentState("telegram-chat")] IPersistentState<TelegramChatState> state) : Grain, ITelegramChatGrain
{
    private readonly StoredState<TelegramChatState> _state = new(state);

    private string Chat => this.GetPrimaryKeyLong().ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async Task<long?> GetAccount() => await ChannelAsync() is null ? null : _state.Value.AccountId;

    /// <inheritdoc/>
    public async Task<bool> Link(long accountId, string name)
    {
        // One that is there already is taken, also one that a crash before the last line left.
        var desk = GrainFactory.GetGrain<IAlertDeskGrain>(accountId);
        var channel = (await desk.GetChannels()).FirstOrDefault(IsOurs)
            ?? await desk.AddChannel(new AlertChannel { Name = name, Kind = ChannelKind.Telegram, Settings = Settings(Chat) });
        if (channel is null) return false;

        if (_state.Value.AccountId is { } before && before != accountId && await ChannelAsync() is { } old) await GrainFactory.GetGrain<IAlertDeskGrain>(before).RemoveChannel(old.Id);
        await _state.Store(new TelegramChatState { AccountId = accountId, ChannelId = channel.Id });
        return true;
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
