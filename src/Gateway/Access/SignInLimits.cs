using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Access;

/// <summary>An attempt that was not let through.</summary>
/// <param name="Wait">How long to wait before the next.</param>
/// <param name="IsNews">Whether it is the first of a row; the others say nothing new, and who can cause them must not fill the audit log with them.</param>
internal readonly record struct RefusedAttempt(TimeSpan Wait, bool IsNews);

/// <summary>
/// How often strangers may try what is guarded by a secret, or costs much. An attempt is counted, on disk, before its password is looked at: neither
/// many at once nor a restart give more than the limit.
/// </summary>
internal sealed class SignInLimits(IGrainFactory grains, ServerOptions options, TimeProvider time)
{
    private const int MaxPasswordChanges = 10;
    private const int MaxEnrolments = 60;
    private const int MaxNoted = 1000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RegistrationWindow = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _noted = [];

    /// <summary>
    /// Counts an attempt to sign in, for its address and then for its name: an address that is held up cannot hold up more names. Null if it may go on.
    /// </summary>
    public async Task<RefusedAttempt?> BeginLoginAsync(HttpContext context, string name) =>
        await BeginAsync(ClientAddress.SubjectOf(context), options.MaxLoginsPerAddress, Window) ?? await BeginAsync(NameSubject(name), options.MaxLoginsPerName, Window);

    /// <summary>The right password was shown: what its owner got wrong before no longer counts. What came from the address does; it may have other names to try.</summary>
    public Task LoginSucceededAsync(string name) => ForgetAsync(NameSubject(name));

    /// <summary>Counts an attempt to make an account.</summary>
    public Task<RefusedAttempt?> BeginRegistrationAsync(HttpContext context) =>
        BeginAsync($"register:{ClientAddress.SubjectOf(context)}", options.MaxRegistrationsPerAddress, RegistrationWindow);

    /// <summary>Counts an attempt to change a password: who has got hold of a session must not guess the password with it.</summary>
    public Task<RefusedAttempt?> BeginPasswordChangeAsync(long accountId) => BeginAsync(PasswordSubject(accountId), MaxPasswordChanges, Window);

    public Task PasswordChangedAsync(long accountId) => ForgetAsync(PasswordSubject(accountId));

    /// <summary>Counts an attempt to enrol a machine.</summary>
    public Task<RefusedAttempt?> BeginEnrolmentAsync(HttpContext context) => BeginAsync(EnrolmentSubject(context), MaxEnrolments, Window);

    /// <summary>The enrolment token was good: a whole fleet may enrol from one address.</summary>
    public Task EnrolledAsync(HttpContext context) => ForgetAsync(EnrolmentSubject(context));

    // What cannot be a name has one count for all of it: it takes the same way as a name.
    private static string NameSubject(string name) => $"name:{(AccountName.TryNormalize(name, out var normalized) ? normalized : "")}";

    private static string PasswordSubject(long accountId) => $"password:{accountId}";

    private static string EnrolmentSubject(HttpContext context) => $"enrol:{ClientAddress.SubjectOf(context)}";

    private Task ForgetAsync(string subject) => LoginLimiter.For(grains, subject).Succeeded(subject);

    private async Task<RefusedAttempt?> BeginAsync(string subject, int limit, TimeSpan window) =>
        await LoginLimiter.For(grains, subject).TryBegin(subject, limit, window) is { } wait ? new RefusedAttempt(wait, IsNews(subject, wait)) : null;

    private bool IsNews(string subject, TimeSpan wait)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_noted.TryGetValue(subject, out var until) && until > now) return false;

            // Forgetting them all costs a few entries more; each subject here was counted many times, and noted as often, to get here.
            if (_noted.Count >= MaxNoted) _noted.Clear();
            _noted[subject] = now + wait;
            return true;
        }
    }
}
