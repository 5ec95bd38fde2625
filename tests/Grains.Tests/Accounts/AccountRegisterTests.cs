using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class AccountRegisterTests
{
    private static readonly AccountStanding User = new(AccountRole.User, false);
    private static readonly AccountStanding Administrator = new(AccountRole.Administrator, false);

    // What is asked, and how many writes it gets through before the storage fails or the process dies.
    private static readonly Gen<Step> Steps =
        from act in Gen.Elements(Act.Create, Act.SetStanding, Act.SetStanding, Act.SetStanding, Act.SetStanding, Act.Delete, Act.Continue)
        from id in Gen.Choose(1, 5)
        from role in Gen.Elements<AccountRole?>(null, AccountRole.User, AccountRole.Administrator)
        from isDisabled in Gen.Elements<bool?>(null, false, true)
        from writes in Gen.Choose(0, 6)
        select new Step(act, id, role, isDisabled, writes);

    private enum Act
    {
        Create,
        SetStanding,
        Delete,
        Continue,
    }

    [Fact]
    public void WhereverItBreaksOff_AnAdministratorWhoCanSignInRemains_AndEverythingWrittenDownCanBeEnded() => Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
    {
        var world = new World();
        foreach (var step in steps)
        {
            try
            {
                world.Writes = step.Writes;
                world.Do(step);
            }
            catch (StorageDiedException)
            {
                // What is stored stays; the next step finds it so.
            }

            Assert.Contains(world.Accounts.Values, standing => standing == Administrator);
        }

        world.Writes = int.MaxValue;
        world.Continue();
        Assert.Contains(world.Accounts.Values, standing => standing == Administrator);
        Assert.All(world.Directory.Accounts.Values, entry => Assert.Equal((null, null), (entry.Standing, entry.Deletion)));
        Assert.Equal(world.Accounts, world.Directory.Accounts.Select(pair => KeyValuePair.Create(pair.Key, new AccountStanding(pair.Value.Info.Role, pair.Value.Info.IsDisabled))));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(60));

    [Fact]
    public void WhoIsBeingMadeAnAdministrator_IsNotOneYet()
    {
        var state = With(Administrator, User);
        (_, state) = AccountRegister.BeginStanding(state, 2, AccountRole.Administrator, null);

        Assert.Equal(AccountOutcome.LastAdministrator, AccountRegister.BeginStanding(state, 1, AccountRole.User, null).Outcome);
        state = AccountRegister.EndStanding(state, 2);
        Assert.Equal(AccountOutcome.Done, AccountRegister.BeginStanding(state, 1, AccountRole.User, null).Outcome);
    }

    [Fact]
    public void WhoIsBeingDisabledOrDeleted_IsNoAdministratorAnyMore()
    {
        var (_, disabling) = AccountRegister.BeginStanding(With(Administrator, Administrator), 2, null, true);
        var (_, deleting) = AccountRegister.BeginDeletion(With(Administrator, Administrator), 2, OrphanedHosts.Delete, 0);

        Assert.Equal(AccountOutcome.LastAdministrator, AccountRegister.BeginDeletion(disabling, 1, OrphanedHosts.Delete, 0).Outcome);
        Assert.Equal(AccountOutcome.LastAdministrator, AccountRegister.BeginDeletion(deleting, 1, OrphanedHosts.Delete, 0).Outcome);
    }

    [Fact]
    public void TheStandingThatIsThere_IsNothingToDo()
    {
        var state = With(Administrator);

        Assert.Equal((AccountOutcome.Done, state), AccountRegister.BeginStanding(state, 1, AccountRole.Administrator, null));
        Assert.Equal((AccountOutcome.Done, state), AccountRegister.BeginStanding(state, 1, null, null));
    }

    [Fact]
    public void WhoIsBeingDeleted_IsNotFound_AndBeginningAgainKeepsWhatWasBegun()
    {
        var (_, state) = AccountRegister.BeginDeletion(With(Administrator, User), 2, OrphanedHosts.Transfer, 1);

        Assert.Null(AccountRegister.Find(state, 2));
        Assert.Equal(AccountOutcome.NotFound, AccountRegister.BeginStanding(state, 2, AccountRole.User, null).Outcome);
        Assert.Equal((AccountOutcome.Done, state), AccountRegister.BeginDeletion(state, 2, OrphanedHosts.Delete, 0));
        state = AccountRegister.EndDeletion(state, 2);
        Assert.Equal(AccountOutcome.NotFound, AccountRegister.BeginDeletion(state, 2, OrphanedHosts.Delete, 0).Outcome);
        Assert.Equal(2, state.LastId);
    }

    [Fact]
    public void AnHeirWhoIsNoMore_InheritsNothing()
    {
        var deletion = new AccountDeletion(OrphanedHosts.Transfer, 2);
        var state = With(Administrator, Administrator);
        Assert.Equal(2, AccountRegister.Heir(state, deletion));

        (_, state) = AccountRegister.BeginDeletion(state, 2, OrphanedHosts.Delete, 0);
        Assert.Equal(0, AccountRegister.Heir(state, deletion));
        Assert.Equal(0, AccountRegister.Heir(AccountRegister.EndDeletion(state, 2), deletion));
    }

    private static AccountDirectoryState With(params AccountStanding[] accounts)
    {
        var state = new AccountDirectoryState();
        foreach (var (role, isDisabled) in accounts) state = AccountRegister.Add(state, Info(state.LastId + 1, role, isDisabled));
        return state;
    }

    private static AccountInfo Info(long id, AccountRole role, bool isDisabled = false) => new(id, $"user-{id}", role, isDisabled, DateTimeOffset.UnixEpoch);

    private sealed record Step(Act Act, long Id, AccountRole? Role, bool? IsDisabled, int Writes);

    private sealed class StorageDiedException : Exception;

    /// <summary>What is stored, and the steps of the directory on it; each may find that the storage takes no more.</summary>
    private sealed class World
    {
        public World() => Create(AccountRole.Administrator);

        public AccountDirectoryState Directory { get; private set; } = new();

        public SortedDictionary<long, AccountStanding> Accounts { get; } = [];

        public int Writes { get; set; } = int.MaxValue;

        public void Do(Step step)
        {
            if (step.Act == Act.Create) Create(step.Role ?? AccountRole.User);
            else if (step.Act == Act.SetStanding) SetStanding(step.Id, step.Role, step.IsDisabled);
            else if (step.Act == Act.Delete) Delete(step.Id);
            else Continue();
        }

        public void Continue()
        {
            foreach (var (id, entry) in Directory.Accounts)
            {
                EndStanding(id);
                if (entry.Deletion is null) continue;
                Write(() => Accounts.Remove(id));
                Write(() => Directory = AccountRegister.EndDeletion(Directory, id));
            }
        }

        private void Create(AccountRole role)
        {
            var info = Info(Directory.LastId + 1, role);

            // The account's own write is left out: nobody can sign in to an account that is not listed.
            Write(() =>
            {
                Directory = AccountRegister.Add(Directory, info);
                Accounts[info.Id] = new AccountStanding(role, false);
            });
        }

        private void SetStanding(long id, AccountRole? role, bool? isDisabled)
        {
            EndStanding(id);
            var (_, next) = AccountRegister.BeginStanding(Directory, id, role, isDisabled);
            if (next == Directory) return;
            Write(() => Directory = next);
            EndStanding(id);
        }

        private void EndStanding(long id)
        {
            if (AccountRegister.Find(Directory, id)?.Standing is not { } standing) return;
            Write(() => Accounts[id] = standing);
            Write(() => Directory = AccountRegister.EndStanding(Directory, id));
        }

        private void Delete(long id)
        {
            EndStanding(id);
            var (outcome, next) = AccountRegister.BeginDeletion(Directory, id, OrphanedHosts.Delete, 0);
            if (outcome != AccountOutcome.Done) return;
            Write(() => Directory = next);
            Write(() => Accounts.Remove(id));
        }

        private void Write(Action write)
        {
            if (Writes-- <= 0) throw new StorageDiedException();
            write();
        }
    }
}
