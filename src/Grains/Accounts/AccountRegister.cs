namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// What may be done to the accounts, and how it is written down. A change is entered before it is made and taken out afterwards; in between nobody
/// knows how far it got, so an account counts as an administrator only if it is one before and after.
/// </summary>
internal static class AccountRegister
{
    /// <summary>The account, unless it is being deleted.</summary>
    public static AccountEntry? Find(AccountDirectoryState state, long id) => state.Accounts.GetValueOrDefault(id) is { Deletion: null } entry ? entry : null;

    /// <summary>Enters an account that has been made.</summary>
    public static AccountDirectoryState Add(AccountDirectoryState state, AccountInfo info) =>
        state with { LastId = info.Id, Accounts = state.Accounts.Add(info.Id, new AccountEntry(info)) };

    /// <summary>Enters another standing, which is then to be made so; if it is so already, nothing is entered.</summary>
    public static (AccountOutcome Outcome, AccountDirectoryState State) BeginStanding(AccountDirectoryState state, long id, AccountRole? role, bool? isDisabled)
    {
        if (Find(state, id) is not { Info: var info } entry) return (AccountOutcome.NotFound, state);
        if (entry.Standing is not null) throw new InvalidOperationException($"Account {id} is still being given another standing.");

        var standing = new AccountStanding(role ?? info.Role, isDisabled ?? info.IsDisabled);
        if (standing == Standing(info)) return (AccountOutcome.Done, state);
        if (IsAdministrator(Standing(info)) && !IsAdministrator(standing) && !HasOtherAdministrator(state, id)) return (AccountOutcome.LastAdministrator, state);
        return (AccountOutcome.Done, With(state, entry with { Standing = standing }));
    }

    /// <summary>The standing that was entered is so now.</summary>
    public static AccountDirectoryState EndStanding(AccountDirectoryState state, long id)
    {
        var entry = state.Accounts[id];
        return entry.Standing is not var (role, isDisabled) ? state : With(state, entry with { Info = entry.Info with { Role = role, IsDisabled = isDisabled }, Standing = null });
    }

    /// <summary>Enters that an account ends. If that is entered already, it stays as it was.</summary>
    public static (AccountOutcome Outcome, AccountDirectoryState State) BeginDeletion(AccountDirectoryState state, long id, OrphanedHosts hosts, long heir)
    {
        if (state.Accounts.GetValueOrDefault(id) is not { } entry) return (AccountOutcome.NotFound, state);
        if (entry.Deletion is not null) return (AccountOutcome.Done, state);
        if (entry.Standing is not null) throw new InvalidOperationException($"Account {id} is still being given another standing.");
        if (IsAdministrator(Standing(entry.Info)) && !HasOtherAdministrator(state, id)) return (AccountOutcome.LastAdministrator, state);
        return (AccountOutcome.Done, With(state, entry with { Deletion = new AccountDeletion(hosts, heir) }));
    }

    /// <summary>Nothing is left of the account that was being deleted.</summary>
    public static AccountDirectoryState EndDeletion(AccountDirectoryState state, long id) => state with { Accounts = state.Accounts.Remove(id) };

    /// <summary>Who gets the hosts. An heir who is no more leaves them to nobody, which is to the administrators.</summary>
    public static long Heir(AccountDirectoryState state, AccountDeletion deletion) => Find(state, deletion.Heir) is null ? 0 : deletion.Heir;

    private static bool HasOtherAdministrator(AccountDirectoryState state, long id) => state.Accounts.Values.Any(entry =>
        entry.Info.Id != id && entry.Deletion is null && IsAdministrator(Standing(entry.Info)) && (entry.Standing is null || IsAdministrator(entry.Standing)));

    private static AccountStanding Standing(AccountInfo info) => new(info.Role, info.IsDisabled);

    private static bool IsAdministrator(AccountStanding standing) => standing is { Role: AccountRole.Administrator, IsDisabled: false };

    private static AccountDirectoryState With(AccountDirectoryState state, AccountEntry entry) => state with { Accounts = state.Accounts.SetItem(entry.Info.Id, entry) };
}
