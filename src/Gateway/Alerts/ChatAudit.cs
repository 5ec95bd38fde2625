using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Notes what people do from a chat as the same acts on the dashboard are noted: by the account, whose chat it is, with the person in the detail.</summary>
internal sealed class ChatAudit(AuditTrail audit) : IChatAudit
{
    public Task AcknowledgedAsync(ChatPerson who, Incident incident) =>
        WriteAsync(who, AuditActions.IncidentAcknowledge, AuditTarget.Incident(incident.Id, incident.HostName), incident.RuleName);

    public Task RefusedAsync(string name, Incident incident, bool isMute) => audit.WriteAsync(
        new AuditActor(null, name), isMute ? AuditActions.SilenceCreate : AuditActions.IncidentAcknowledge, AuditOutcomes.NotAllowed, AuditTarget.Incident(incident.Id, incident.HostName));

    public Task MutedAsync(ChatPerson who, Silence silence) => WriteAsync(who, AuditActions.SilenceCreate, AuditTarget.Silence(who.Account.Id, silence.Id, silence.Comment));

    public Task UnmutedAsync(ChatPerson who, Silence silence) => WriteAsync(who, AuditActions.SilenceDelete, AuditTarget.Silence(who.Account.Id, silence.Id, silence.Comment));

    public Task LinkedAsync(ChatPerson who, AlertChannel channel) => WriteAsync(who, AuditActions.ChannelLinked, AuditTarget.Channel(who.Account.Id, channel.Id, channel.Name));

    public Task UnlinkedAsync(ChatPerson who, long accountId, AlertChannel channel) =>
        WriteAsync(who, AuditActions.ChannelUnlinked, AuditTarget.Channel(accountId, channel.Id, channel.Name));

    private Task WriteAsync(ChatPerson who, string action, AuditTarget target, string? detail = null) =>
        audit.WriteAsync(AuditActor.Of(who.Account), action, AuditOutcomes.Ok, target, detail is null ? who.Name : $"{detail}, by {who.Name}");
}
