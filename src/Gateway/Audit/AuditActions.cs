namespace StatusMonitor.Gateway.Audit;

/// <summary>What the audit log tells of. The words are stored and asked for by their beginnings; they never change.</summary>
internal static class AuditActions
{
    public const string Register = "account.register";
    public const string Login = "account.login";
    public const string RefreshReused = "account.refresh-reused";
    public const string Logout = "account.logout";
    public const string Password = "account.password";
    public const string SessionsEnd = "account.sessions-end";
    public const string SessionEnd = "account.session-end";
    public const string AccountCreate = "account.create";
    public const string AccountRole = "account.role";
    public const string AccountDisable = "account.disable";
    public const string AccountEnable = "account.enable";
    public const string PasswordReset = "account.password-reset";
    public const string AccountDelete = "account.delete";
    public const string EnrolmentCreate = "enrolment.create";
    public const string EnrolmentRevoke = "enrolment.revoke";
    public const string EnrolmentUse = "enrolment.use";
    public const string HostCreate = "host.create";
    public const string HostChange = "host.change";
    public const string HostDelete = "host.delete";
    public const string HostShare = "host.share";
    public const string HostUnshare = "host.unshare";
    public const string TokenCreate = "token.create";
    public const string TokenRegenerate = "token.regenerate";
    public const string TokenRevoke = "token.revoke";
    public const string IncidentAcknowledge = "incident.acknowledge";
    public const string IncidentUnacknowledge = "incident.unacknowledge";
    public const string IncidentComment = "incident.comment";
    public const string NotificationRetry = "notification.retry";
    public const string NotificationDismiss = "notification.dismiss";
    public const string AlertRuleCreate = "alert-rule.create";
    public const string AlertRuleChange = "alert-rule.change";
    public const string AlertRuleDelete = "alert-rule.delete";
    public const string AlertRuleRestore = "alert-rule.restore";
    public const string ClassicRecipient = "channel.classic-recipient";
    public const string ClassicHistoryClear = "classic-history.clear";
    public const string SilenceCreate = "silence.create";
    public const string SilenceChange = "silence.change";
    public const string SilenceDelete = "silence.delete";
    public const string RoutingChange = "routing.change";
    public const string ChannelCreate = "channel.create";
    public const string ChannelChange = "channel.change";
    public const string ChannelDelete = "channel.delete";
    public const string ChannelTest = "channel.test";
    public const string ChannelLink = "channel.link-code";
    public const string ChannelLinked = "channel.link";
    public const string ChannelUnlinked = "channel.unlink";
}

/// <summary>How what was tried came out. Further outcomes are the last parts of problem types, such as <c>name-taken</c>.</summary>
internal static class AuditOutcomes
{
    public const string Ok = "ok";
    public const string WrongCredentials = "wrong-credentials";
    public const string Disabled = "disabled";
    public const string Limited = "limited";
    public const string RegistrationOff = "registration-off";
    public const string NameTaken = "name-taken";
    public const string LastAdministrator = "last-administrator";
    public const string NotAllowed = "not-allowed";
    public const string NotFound = "not-found";
    public const string TooMany = "too-many";
}
