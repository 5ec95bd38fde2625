using System.Globalization;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>What the bot answers to an account's questions, in HTML. It shows what the account sees at that moment, and no more.</summary>
internal sealed class ChatAnswers(IGrainFactory grains, IAlertStore store, IChatAudit audit, TimeProvider time)
{
    /// <summary>How the comment of a silence from a chat begins, by which <c>/unmute</c> knows them.</summary>
    public const string MuteComment = "Muted from Telegram";

    private const int MaxLines = 60;
    private const int MaxIncidents = 60;

    private static readonly IncidentQuery Firing = new() { States = [IncidentState.Open, IncidentState.Acknowledged], Limit = MaxIncidents };

    public static BotCommand[] Commands { get; } =
    [
        new("status", "How things are"),
        new("hosts", "The hosts, those with trouble first"),
        new("host", "One host: /host NAME"),
        new("alerts", "What fires"),
        new("mute", "Be quiet for a while: /mute 1h, or /mute 1h HOST"),
        new("unmute", "No longer"),
        new("help", "What the bot understands"),
    ];

    public const string NotLinked = "This chat is not linked to an account yet. On the dashboard choose Channels, then Telegram, and open the link it shows, or send /start and the code here.";

    public const string WrongCode = "That code is not good: it was used, or it is older than ten minutes. Make a new one on the dashboard.";

    public static string Help { get; } = TelegramText.Lines("<b>StatusMonitor</b> tells here what its alerts do, and answers to:", [.. Commands.Select(command => $"/{command.Command}: {command.Description}")], Commands.Length);

    public async Task<string> StatusAsync(AccountInfo account)
    {
        var hosts = await HostsAsync(account);
        var (open, acknowledged) = await store.CountAsync(IncidentAccess.Visible(new IncidentQuery(), ViewerOf(account), hosts), CancellationToken.None);
        var muted = (await Desk(account).GetSilences()).Where(IsFromChat).Select(silence => silence.To).Max();
        var lines = new List<string>
        {
            Invariant($"{hosts.Count} hosts: {Count(HostStatus.Online)} online, {Count(HostStatus.Late)} late, {Count(HostStatus.Offline)} offline, {Count(HostStatus.Pending)} never seen"),
            Invariant($"{open + acknowledged} alerts: {open} open, {acknowledged} acknowledged"),
        };
        if (muted is { } until && until > time.GetUtcNow()) lines.Add($"Muted until {MessageText.Time(until)}; /unmute ends that.");
        return TelegramText.Lines($"<b>{TelegramText.Name(account.Name)}</b>", lines, lines.Count);

        int Count(HostStatus status) => hosts.Count(host => host.Status == status);
    }

    public async Task<string> ListAsync(AccountInfo account)
    {
        var hosts = await HostsAsync(account);
        if (hosts.Count == 0) return "There are no hosts yet.";
        return TelegramText.Lines(Invariant($"<b>{hosts.Count} hosts</b>"), [.. hosts.OrderBy(Trouble).ThenBy(host => host.Name, StringComparer.OrdinalIgnoreCase).Take(MaxLines).Select(Line)], hosts.Count);
    }

    public async Task<string> HostAsync(AccountInfo account, string name)
    {
        if (name.Length == 0) return "Which one? /host NAME";
        var hosts = await HostsAsync(account);
        var found = Find(hosts, name);
        if (found.Length == 0) return $"There is no host called {TelegramText.Name(name)}.";
        if (found.Length > 1) return TelegramText.Lines("<b>Which of these?</b>", [.. found.Take(MaxLines).Select(host => TelegramText.Name(host.Name))], found.Length);

        var (host, lines) = (found[0], new List<string>());
        if (host.LastSeen is { } seen) lines.Add($"last heard of at {MessageText.Time(seen)}");
        Add("CPU", host.CpuPercent, "0.# '%'");
        Add("memory", host.MemoryPercent, "0.# '%'");
        Add("fullest disk", host.DiskPercent, "0.# '%'");
        Add("load", host.Load1, "0.##");
        Add("up for", host.UptimeSeconds / 86_400, "0.# 'days'");
        var incidents = await store.ReadAsync(IncidentAccess.Visible(Firing with { HostId = host.Id }, ViewerOf(account), hosts), CancellationToken.None);
        lines.AddRange(incidents.Select(incident => Line(incident, withHost: false)));
        return TelegramText.Lines($"{Sign(host.Status)} <b>{TelegramText.Name(host.Name)}</b> is {host.Status.ToString().ToLowerInvariant()}", lines, lines.Count);

        void Add(string what, double? value, string format)
        {
            if (value is { } number) lines.Add($"{what} {number.ToString(format, CultureInfo.InvariantCulture)}");
        }
    }

    public async Task<string> AlertsAsync(AccountInfo account)
    {
        var query = IncidentAccess.Visible(Firing, ViewerOf(account), await HostsAsync(account));
        var incidents = await store.ReadAsync(query, CancellationToken.None);
        if (incidents.Count == 0) return "✅ Nothing fires.";
        var (open, acknowledged) = await store.CountAsync(query, CancellationToken.None);
        return TelegramText.Lines(
            Invariant($"<b>{open + acknowledged} alerts</b>, {acknowledged} of them acknowledged"), [.. incidents.Select(incident => Line(incident, withHost: true))], Math.Max(incidents.Count, open + acknowledged));
    }

    /// <summary>Silences all of the account, or one host, as <c>1h</c> or <c>1h web-1</c> says. Said twice, it is silenced once.</summary>
    public async Task<string> MuteAsync(ChatPerson who, string argument, DateTimeOffset saidAt)
    {
        var parts = argument.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if ((parts.Length == 0 ? TimeSpan.FromHours(1) : CommandCall.ParseTime(parts[0])) is not { } length) return "For how long? /mute 30m, /mute 1h or /mute 2d; at most 30 days.";
        var until = saidAt + length;
        if (until <= time.GetUtcNow()) return "That time is over already.";

        HostSummary? host = null;
        if (parts.Length == 2)
        {
            var found = Find(await HostsAsync(who.Account), parts[1]);
            if (found.Length != 1) return found.Length == 0 ? $"There is no host called {TelegramText.Name(parts[1])}." : $"{found.Length} hosts are like that; give the whole name.";
            host = found[0];
        }

        var silence = new Silence { Comment = MuteComment, Hosts = host is null ? [] : [host.Id], From = saidAt, To = until, CreatedBy = who.Name };
        if (!await SilenceAsync(who, silence)) return "There are as many silences as there may be. Remove some on the dashboard.";
        return $"🔇 {(host is null ? "Everything" : TelegramText.Name(host.Name))} is muted until {MessageText.Time(until)}. /unmute ends that.";
    }

    public async Task<string> UnmuteAsync(ChatPerson who)
    {
        var desk = Desk(who.Account);
        var ours = (await desk.GetSilences()).Where(IsFromChat).ToArray();
        foreach (var silence in ours)
        {
            if (await desk.RemoveSilence(silence.Id)) await audit.UnmutedAsync(who, silence);
        }

        return ours.Length == 0 ? "Nothing was muted from here." : "🔔 No longer muted.";
    }

    /// <summary>Adds a silence unless there is the same. False if there are too many.</summary>
    public async Task<bool> SilenceAsync(ChatPerson who, Silence silence)
    {
        var desk = Desk(who.Account);
        var isThere = (await desk.GetSilences()).Any(other =>
            other.Comment == silence.Comment && other.From == silence.From && other.To == silence.To && other.Hosts.SequenceEqual(silence.Hosts) && other.Rules.SequenceEqual(silence.Rules));
        if (isThere) return true;
        if (await desk.AddSilence(silence) is not { } made) return false;
        await audit.MutedAsync(who, made);
        return true;
    }

    private static Viewer ViewerOf(AccountInfo account) => new(account.Id, account.Role == AccountRole.Administrator);

    private static bool IsFromChat(Silence silence) => silence.Comment.StartsWith(MuteComment, StringComparison.Ordinal);

    private static HostSummary[] Find(IReadOnlyList<HostSummary> hosts, string name)
    {
        var exact = hosts.Where(host => host.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return exact.Length > 0 ? exact : [.. hosts.Where(host => host.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static int Trouble(HostSummary host) => host.Status switch { HostStatus.Offline => 0, HostStatus.Late => 1, HostStatus.Online => 2, _ => 3 };

    private static string Sign(HostStatus status) => status switch { HostStatus.Online => "🟢", HostStatus.Late => "🟡", HostStatus.Offline => "🔴", _ => "⚪" };

    private static string Line(HostSummary host)
    {
        var name = $"{Sign(host.Status)} {TelegramText.Name(host.Name)}";
        if (host.Status == HostStatus.Pending) return $"{name}: never seen";
        if (host.Status == HostStatus.Offline) return host.LastSeen is { } seen ? $"{name}: not heard of since {MessageText.Time(seen)}" : $"{name}: offline";
        string?[] values = [Value("CPU", host.CpuPercent), Value("memory", host.MemoryPercent), Value("disk", host.DiskPercent)];
        return $"{name}: {string.Join(", ", values.OfType<string>())}";

        static string? Value(string what, double? percent) => percent is { } value ? Invariant($"{what} {value:0} %") : null;
    }

    private static string Line(Incident incident, bool withHost)
    {
        var sign = incident.Severity switch { 2 => "🔴", 1 => "🟠", _ => "🔵" };
        var who = incident.AcknowledgedBy is { Length: > 0 } name ? $", acknowledged by {TelegramText.Name(name)}" : "";
        var host = withHost ? $"{TelegramText.Name(incident.HostName)}: " : "";
        var series = incident.Series is { } text ? $" ({TelegramText.Name(text)})" : "";
        return $"{sign} {host}{TelegramText.Name(incident.RuleName)}{series}, since {MessageText.Time(incident.OpenedAt)}{who}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private IAlertDeskGrain Desk(AccountInfo account) => grains.GetGrain<IAlertDeskGrain>(account.Id);

    private async Task<IReadOnlyList<HostSummary>> HostsAsync(AccountInfo account)
    {
        var viewer = ViewerOf(account);
        var shards = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetHosts(viewer)));
        return [.. shards.SelectMany(hosts => hosts)];
    }
}
