using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>
/// What the person who starts the server may ask of it, who could read and write all of its data anyway: a new password for an account, and an enrolment token for
/// this machine's agent.
/// </summary>
internal sealed class StartRequests(IGrainFactory grains, PasswordHasher passwords, SignInLimits limits, AuditTrail audit, ServerOptions options, StartMessages messages, TimeProvider time)
    : IHostedService
{
    private static readonly TimeSpan EnrolmentLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Before requests are served: whoever knew the old password is out by then, and who waits for the server finds the token.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.ResetPassword is { } name) await ResetPasswordAsync(name, cancellationToken);
        if (options.LocalEnrolment is { } path) await WriteEnrolmentAsync(path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ResetPasswordAsync(string name, CancellationToken cancellationToken)
    {
        if (await grains.GetGrain<IAccountDirectoryGrain>(0).Find(name) is not { } account) throw new StartFailedException($"--reset-password: nobody has the user name '{name}'.");

        var password = AccountInput.NewPassword();
        await grains.GetGrain<IAccountGrain>(account.Id).SetPassword(null, await passwords.HashAsync(password, cancellationToken), keep: null);
        await limits.LoginSucceededAsync(name);
        await audit.WriteAsync(AuditActions.PasswordReset, AuditTarget.Account(account.Id, account.Name), "at the start of the server; all its sessions were ended");
        messages.Print(
            "StatusMonitor has given an account a new password and ended its sessions:",
            "",
            $"user:     {account.Name}",
            $"password: {password}",
            "",
            account.IsDisabled ? "The account is disabled; an administrator has to enable it." : "It is shown only now. Sign in with it and choose your own.");
    }

    private async Task WriteEnrolmentAsync(string path)
    {
        var accounts = await grains.GetGrain<IAccountDirectoryGrain>(0).GetAccounts();
        var owner = accounts.Where(account => account is { Role: AccountRole.Administrator, IsDisabled: false }).MinBy(account => account.Id)!;
        var secret = TokenHash.NewToken();
        TokenHash.TryHash(secret, out var hash);
        var terms = new EnrolmentTerms("this machine", null, [], 1, time.GetUtcNow() + EnrolmentLifetime);
        if (await grains.GetGrain<IAccountGrain>(owner.Id).AddEnrolment(hash, terms) is not { } made)
        {
            throw new StartFailedException($"--local-enrolment: the account {owner.Name} has as many enrolment tokens as it may; revoke some that are no longer needed.");
        }

        try
        {
            PrivateFile.Write(path, EnrolmentTokenEndpoints.TextOf(owner.Id, secret));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException($"--local-enrolment: '{Path.GetFullPath(path)}' cannot be written: {exception.Message}", exception);
        }

        await audit.WriteAsync(AuditActions.EnrolmentCreate, AuditTarget.Enrolment(owner.Id, made.Id, terms.Label), "at the start of the server; 1 use");
    }
}
