using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>What became of somebody's attempt to make an account of his own.</summary>
internal enum RegistrationOutcome
{
    /// <summary>It is made.</summary>
    Done,

    /// <summary>Only administrators make accounts here.</summary>
    Off,

    /// <summary>Another account has the name.</summary>
    NameTaken,

    /// <summary>There are as many accounts as there may be.</summary>
    TooMany,

    /// <summary>There were too many attempts.</summary>
    Limited,
}

/// <summary>Answer to an attempt to register.</summary>
internal sealed record RegistrationResult(RegistrationOutcome Outcome, AccountInfo? Account = null, TimeSpan Wait = default);

/// <summary>Lets people make accounts of their own, over our own API and over the classic one, if the server is set to.</summary>
internal sealed class Registrations(IGrainFactory grains, PasswordHasher passwords, SignInLimits limits, AuditTrail audit, ServerOptions options)
{
    /// <summary>Makes an account of a name and a password that have been checked.</summary>
    /// <exception cref="PasswordsBusyException">Too many passwords wait to be hashed.</exception>
    public async Task<RegistrationResult> TryAsync(HttpContext context, string name, string password)
    {
        var actor = new AuditActor(null, name);
        if (await limits.BeginRegistrationAsync(context) is { } refused)
        {
            if (refused.IsNews) await audit.WriteAsync(context, AuditActions.Register, AuditOutcomes.Limited, actor: actor);
            return new RegistrationResult(RegistrationOutcome.Limited, Wait: refused.Wait);
        }

        if (!options.IsSelfRegistrationOn)
        {
            await audit.WriteAsync(context, AuditActions.Register, AuditOutcomes.RegistrationOff, actor: actor);
            return new RegistrationResult(RegistrationOutcome.Off);
        }

        var (outcome, account) = await grains.GetGrain<IAccountDirectoryGrain>(0).Create(name, await passwords.HashAsync(password, context.RequestAborted), AccountRole.User);
        switch (outcome)
        {
            case AccountOutcome.Done:
                await audit.WriteAsync(context, AuditActions.Register, target: AuditTarget.Account(account!.Id, account.Name), actor: AuditActor.Of(account));
                return new RegistrationResult(RegistrationOutcome.Done, account);
            case AccountOutcome.NameTaken:
                await audit.WriteAsync(context, AuditActions.Register, AuditOutcomes.NameTaken, actor: actor);
                return new RegistrationResult(RegistrationOutcome.NameTaken);
            default:
                await audit.WriteAsync(context, AuditActions.Register, AuditOutcomes.TooMany, actor: actor);
                return new RegistrationResult(RegistrationOutcome.TooMany);
        }
    }
}
