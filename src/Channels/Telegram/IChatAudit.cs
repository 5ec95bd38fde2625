using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>Who did something in a chat.</summary>
/// <param name="Account">The account that the chat acts for.</param>
/// <param name="Name">The person, as the chat names them.</param>
public sealed record ChatPerson(AccountInfo Account, string Name);

/// <summary>
/// Where it is noted what people do from a chat: what they do on the dashboard is. Called after the deed, and again if the server died between both and is told of it once more. Never throws.
/// </summary>
public interface IChatAudit
{
    /// <summary>An incident was taken up.</summary>
    Task AcknowledgedAsync(ChatPerson who, Incident incident);

    /// <summary>Somebody wanted to take up or mute what their chat is not told of.</summary>
    /// <param name="name">The person; which account that is nobody knows.</param>
    /// <param name="incident">What of.</param>
    /// <param name="isMute">Whether it was to be muted.</param>
    Task RefusedAsync(string name, Incident incident, bool isMute);

    /// <summary>A silence was made.</summary>
    Task MutedAsync(ChatPerson who, Silence silence);

    /// <summary>A silence was taken back.</summary>
    Task UnmutedAsync(ChatPerson who, Silence silence);

    /// <summary>A chat was linked to the account.</summary>
    Task LinkedAsync(ChatPerson who, AlertChannel channel);

    /// <summary>By that another account lost it.</summary>
    /// <param name="who">Who linked it.</param>
    /// <param name="accountId">The account that lost it.</param>
    /// <param name="channel">The channel that it had.</param>
    Task UnlinkedAsync(ChatPerson who, long accountId, AlertChannel channel);
}
