using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>What became of an attempt to sign in.</summary>
internal enum SignInOutcome
{
    /// <summary>A session has begun.</summary>
    Done,

    /// <summary>There is no such account, or it has another password: nobody is told which.</summary>
    WrongCredentials,

    /// <summary>The password is right, and the account is disabled.</summary>
    Disabled,

    /// <summary>There were too many attempts.</summary>
    Limited,
}

/// <summary>Answer to an attempt to sign in.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Grant">The session, if there is one.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Wait">How long to wait before the next attempt, if there were too many.</param>
internal sealed record SignInResult(SignInOutcome Outcome, SessionGrant? Grant = null, AccountInfo? Account = null, TimeSpan Wait = default);

/// <summary>
/// Signs people in, for our own API and for the classic one. Every attempt that is not held up takes the same way, with one check of a password in it, so that
/// neither the answer nor its time tell whether there is such an account.
/// </summary>
internal sealed class SignIns(IGrainFactory grains, PasswordHasher passwords, SignInLimits limits, AuditTrail audit)
{
    private const int MaxUserAgentLength = 200;

    /// <summary>Signs in with a name and a password.</summary>
    /// <exception cref="PasswordsBusyException">Too many passwords wait to be checked.</exception>
    public async Task<SignInResult> TryAsync(HttpContext context, string name, string password)
    {
        name = name.Trim();
        var claimed = new AuditActor(null, Cut(name, AccountName.MaxLength));
        if (await limits.BeginLoginAsync(context, name) is { } refused)
        {
            if (refused.IsNews) await audit.WriteAsync(context, AuditActions.Login, AuditOutcomes.Limited, actor: claimed);
            return new SignInResult(SignInOutcome.Limited, Wait: refused.Wait);
        }

        // Another sign-in may make the hash anew in between, and then this one looks again, once.
        for (var isLast = false; ; isLast = true)
        {
            var info = await grains.GetGrain<IAccountDirectoryGrain>(0).Find(name);
            var account = grains.GetGrain<IAccountGrain>(info?.Id ?? 0);
            var credential = await account.GetCredential();
            if (!await passwords.VerifyAsync(password, credential?.PasswordHash, context.RequestAborted))
            {
                await audit.WriteAsync(context, AuditActions.Login, AuditOutcomes.WrongCredentials, info is null ? null : AuditTarget.Account(info.Id, info.Name), actor: claimed);
                return new SignInResult(SignInOutcome.WrongCredentials);
            }

            if (credential!.IsDisabled)
            {
                await audit.WriteAsync(context, AuditActions.Login, AuditOutcomes.Disabled, AuditTarget.Account(credential.Id, credential.Name), actor: claimed);
                return new SignInResult(SignInOutcome.Disabled);
            }

            var grant = await account.StartSession(credential.PasswordHash, OriginOf(context));
            if (grant is null && !isLast) continue;
            if (grant is null) return new SignInResult(SignInOutcome.WrongCredentials);

            await limits.LoginSucceededAsync(name);
            await RehashAsync(account, credential, password, context.RequestAborted);
            await audit.WriteAsync(context, AuditActions.Login, target: AuditTarget.Session(grant.Principal.Session), actor: AuditActor.Of(grant.Principal));
            return new SignInResult(SignInOutcome.Done, grant, info! with { Role = grant.Principal.Role });
        }
    }

    /// <summary>Where a session is used from, for its owner to recognise it.</summary>
    public static SessionOrigin OriginOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new SessionOrigin(ClientAddress.TextOf(context), agent.Length == 0 ? null : Cut(agent, MaxUserAgentLength));
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;

    /// <summary>The one moment at which the password is there to be hashed with the parameters of today. It can wait for the next sign-in.</summary>
    private async Task RehashAsync(IAccountGrain account, AccountCredential credential, string password, CancellationToken cancellationToken)
    {
        if (!passwords.NeedsRehash(credential.PasswordHash)) return;
        try
        {
            await account.Rehash(credential.PasswordHash, await passwords.HashAsync(password, cancellationToken));
        }
        catch (PasswordsBusyException)
        {
        }
    }
}
