using System.Collections.Concurrent;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>What was noted, a line each.</summary>
internal sealed class ChatAuditStandIn : IChatAudit
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> All => _lines;

    public Task AcknowledgedAsync(ChatPerson who, Incident incident) => NoteAsync($"{Name(who)} acknowledged {incident.Id}");

    public Task RefusedAsync(string name, Incident incident, bool isMute) => NoteAsync($"{name} may not {(isMute ? "mute" : "acknowledge")} {incident.Id}");

    public Task MutedAsync(ChatPerson who, Silence silence) => NoteAsync($"{Name(who)} muted {silence.Id}: {silence.Comment}");

    public Task UnmutedAsync(ChatPerson who, Silence silence) => NoteAsync($"{Name(who)} unmuted {silence.Id}: {silence.Comment}");

    public Task LinkedAsync(ChatPerson who, AlertChannel channel) => NoteAsync($"{Name(who)} linked {channel.Id}: {channel.Name}");

    public Task UnlinkedAsync(ChatPerson who, long accountId, AlertChannel channel) => NoteAsync($"{Name(who)} unlinked {channel.Id} of account {accountId}: {channel.Name}");

    private static string Name(ChatPerson who) => $"{who.Name} for {who.Account.Name}";

    private Task NoteAsync(string line)
    {
        _lines.Enqueue(line);
        return Task.CompletedTask;
    }
}
