using System.Globalization;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Audit;

/// <summary>What something was done to.</summary>
/// <param name="Kind">One of the kinds below.</param>
/// <param name="Id">Its id, as text.</param>
/// <param name="Name">Its name now; kept, because it may be renamed or deleted.</param>
internal readonly record struct AuditTarget(string Kind, string Id, string? Name)
{
    public static AuditTarget Account(long id, string? name) => new("account", Text(id), name);

    public static AuditTarget Host(long id, string? name) => new("host", Text(id), name);

    public static AuditTarget Session(Guid id) => new("session", id.ToString("D"), null);

    /// <summary>A token of a host. Its number is the host's own, so the host's id is part of its id.</summary>
    public static AuditTarget Token(long hostId, int id, string? hostName) => new("token", $"{Text(hostId)}/{Text(id)}", hostName);

    /// <summary>An enrolment token. Its number is the account's own, so the account's id is part of its id.</summary>
    public static AuditTarget Enrolment(long accountId, int id, string? label) => new("enrolment", $"{Text(accountId)}/{Text(id)}", label);

    /// <summary>An incident; its name is the host's.</summary>
    public static AuditTarget Incident(string id, string? hostName) => new("incident", id, hostName);

    public static AuditTarget Notification(string id) => new("notification", id, null);

    /// <summary>An alert rule. Its number is the account's own, so the account's id is part of its id.</summary>
    public static AuditTarget Rule(long accountId, long id, string? name) => new("rule", $"{Text(accountId)}/{Text(id)}", name);

    /// <summary>A silence. Its number is the account's own, so the account's id is part of its id.</summary>
    public static AuditTarget Silence(long accountId, long id, string? comment) => new("silence", $"{Text(accountId)}/{Text(id)}", comment);

    /// <summary>A channel. Its number is the account's own, so the account's id is part of its id.</summary>
    public static AuditTarget Channel(long accountId, long id, string? name) => new("channel", $"{Text(accountId)}/{Text(id)}", name);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Who did something: an account, or with no id a name that somebody only claimed.</summary>
internal readonly record struct AuditActor(long? Id, string? Name)
{
    public static AuditActor Of(AccountPrincipal account) => new(account.Id, account.Name);

    public static AuditActor Of(AccountInfo account) => new(account.Id, account.Name);
}

/// <summary>
/// Notes who did what. It comes after the deed: a server that cannot write its log goes on serving, and says so in its own log.
/// </summary>
internal sealed partial class AuditTrail(IAuditLog log, TimeProvider time, ILogger<AuditTrail> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _lastWarning;
    private int _lost;

    /// <summary>Notes what a request did, with its address and time. A write that fails, or takes longer than five seconds, is left.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="outcome">One of <see cref="AuditOutcomes"/>, or the last part of a problem's type.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="detail">More, in words; never a secret.</param>
    /// <param name="actor">Who did it, if that is not who is signed in.</param>
    public Task WriteAsync(HttpContext context, string action, string outcome = AuditOutcomes.Ok, AuditTarget? target = null, string? detail = null, AuditActor? actor = null)
    {
        var who = actor ?? (context.User.AccountOrNull() is { } account ? AuditActor.Of(account) : default);
        return WriteAsync(who, ClientAddress.TextOf(context), action, outcome, target, detail);
    }

    /// <summary>Notes what somebody did otherwise than by a request, such as from a chat.</summary>
    public Task WriteAsync(AuditActor who, string action, string outcome, AuditTarget target, string? detail = null) => WriteAsync(who, null, action, outcome, target, detail);

    /// <summary>Notes what the server did without a request.</summary>
    public Task WriteAsync(string action, AuditTarget? target = null, string? detail = null) => WriteAsync(default, null, action, AuditOutcomes.Ok, target, detail);

    private async Task WriteAsync(AuditActor who, string? address, string action, string outcome, AuditTarget? target, string? detail)
    {
        try
        {
            await log.AppendAsync(new AuditEntry(time.GetUtcNow(), who.Id, who.Name, action, target?.Kind, target?.Id, target?.Name, address, outcome, detail)).WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is StorageBusyException or StorageFailedException or TimeoutException)
        {
            Lost(action, exception);
        }
    }

    /// <summary>At most a line a minute: whoever can cause entries must not be able to fill the log with their failure.</summary>
    private void Lost(string action, Exception exception)
    {
        int lost;
        lock (_gate)
        {
            _lost++;
            if (_lastWarning is { } last && time.GetElapsedTime(last) < WarningInterval) return;
            _lastWarning = time.GetTimestamp();
            (lost, _lost) = (_lost, 0);
        }

        Log.Lost(logger, lost, action, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The audit log could not be written; {Count} entries are missing so far, the newest is {Action}.")]
        public static partial void Lost(ILogger logger, int count, string action, Exception exception);
    }
}
