using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>
/// Makes the account <c>admin</c> where there is none yet, before the first request is served, and prints its password once. The password is on disk before the account is
/// there and until it is printed: a start that is killed in between neither makes an account that nobody can use nor another one.
/// </summary>
internal sealed class FirstAccount(IGrainFactory grains, PasswordHasher passwords, AuditTrail audit, ServerOptions options, StartMessages messages) : IHostedService
{
    public const string Name = "admin";
    public const string FileName = "initial-password";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.Data, FileName);
        var directory = grains.GetGrain<IAccountDirectoryGrain>(0);
        if ((await directory.GetAccounts()).IsEmpty)
        {
            if (!File.Exists(path)) PrivateFile.Write(path, AccountInput.NewPassword());
            var hash = await passwords.HashAsync(Read(path), cancellationToken);
            var (_, account) = await directory.Create(Name, hash, AccountRole.Administrator);
            if (account is null)
            {
                // Another gateway of the cluster was first, and has printed its password.
                File.Delete(path);
                return;
            }

            await audit.WriteAsync(AuditActions.AccountCreate, AuditTarget.Account(account.Id, account.Name), "the first account");
        }

        if (!File.Exists(path)) return;
        messages.Print(
            "StatusMonitor has made its first account, an administrator:",
            "",
            $"user:     {Name}",
            $"password: {Read(path)}",
            "",
            "It is shown only now. Sign in with it and choose your own.",
            options.IsSelfRegistrationOn
                ? "Whoever reaches this server can make an account of his own; --self-registration false ends that."
                : "Only administrators make accounts; --self-registration true lets people make their own.");
        File.Delete(path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Read(string path) => File.ReadAllText(path).Trim();
}
