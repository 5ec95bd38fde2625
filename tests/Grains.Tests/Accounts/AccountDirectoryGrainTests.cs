using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Accounts;

/// <summary>What must hold among accounts, whatever crashes in between.</summary>
public sealed class AccountDirectoryGrainTests : SiloTests
{
    private const string Hash = "$argon2id$hash";

    private static readonly SessionOrigin Home = new("192.0.2.1", "Browser/1.0");

    private IAccountDirectoryGrain Directory => Silo.Client.GetGrain<IAccountDirectoryGrain>(0);

    [Fact]
    public async Task AnAccount_IsFoundByItsName_InWhateverCase()
    {
        var made = await CreateAsync("Zoë");

        Assert.Equal(new AccountInfo(1, "Zoë", AccountRole.User, false, Time.Wall), made);
        foreach (var name in new[] { "Zoë", "zoë", "ZOË", " zoë " }) Assert.Equal(made, await Directory.Find(name));
        Assert.Equal(made, await Account(1).GetInfo());
        Assert.Equal(Hash, (await Account(1).GetCredential())!.PasswordHash);
        foreach (var name in new[] { "Zoe", "Zoëx", "", " ", "a\nb", new string('x', 65) }) Assert.Null(await Directory.Find(name));
    }

    [Fact]
    public async Task Accounts_AreListedByName_AlsoAfterARestart()
    {
        foreach (var name in new[] { "bob", "Alice", "carol", "Bea" }) await CreateAsync(name);
        Assert.Equal(["Alice", "Bea", "bob", "carol"], await NamesAsync());

        await RestartAsync();
        Assert.Equal(["Alice", "Bea", "bob", "carol"], await NamesAsync());
        Assert.Equal(5, (await CreateAsync("dave")).Id);
        Assert.Equal(["Alice", "Bea", "bob", "carol", "dave"], await NamesAsync());
    }

    [Fact]
    public async Task OfManyWithOneName_OneIsMade()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Directory.Create(i % 2 == 0 ? "alice" : "ALICE", $"hash {i}", AccountRole.User)));

        var made = Assert.Single(answers, answer => answer.Outcome == AccountOutcome.Done);
        Assert.All(answers.Except([made]), answer => Assert.Equal(new NewAccountResult(AccountOutcome.NameTaken), answer));
        Assert.Equal(2, (await CreateAsync("bob")).Id);
    }

    [Fact]
    public async Task WhatCannotBeAName_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Directory.Create("a\tb", Hash, AccountRole.User));

        Assert.Empty(await Directory.GetAccounts());
        Assert.Null(await Account(1).GetInfo());
    }

    [Fact]
    public async Task ThereAreOnlySoManyAccounts()
    {
        await RestartAsync(services: services => services.Configure<AccountOptions>(options => options.MaxAccounts = 2));
        await CreateAsync("alice", AccountRole.Administrator);
        var bob = await CreateAsync("bob");
        Assert.Equal(AccountOutcome.TooMany, (await Directory.Create("carol", Hash, AccountRole.User)).Outcome);

        await Directory.Delete(bob.Id, OrphanedHosts.Delete, 1);
        Assert.Equal(3, (await WhenFreeAsync("carol")).Id);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("account-directory")]
    public async Task AnAccountThatIsNotStoredWhole_IsNotThere_AndTheNextHasItsId(string state)
    {
        Silo.Faults.BreakState(state);
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.Create("mallory", "stolen", AccountRole.Administrator));
        Assert.Null(await Directory.Find("mallory"));
        Assert.Empty(await Directory.GetAccounts());

        Silo.Faults.MendState(state);
        await RestartAsync();
        Assert.Null(await Directory.Find("mallory"));

        var alice = await CreateAsync("alice");
        Assert.Equal(1, alice.Id);
        Assert.Equal(alice, await Account(1).GetInfo());
        Assert.Null(await Account(1).StartSession("stolen", Home));
        Assert.Equal(2, (await CreateAsync("mallory")).Id);
    }

    [Fact]
    public async Task AnotherStanding_HoldsAtOnce()
    {
        await CreateAsync("root", AccountRole.Administrator);
        var alice = await CreateAsync("alice");
        var session = (await Account(alice.Id).StartSession(Hash, Home))!.Principal.Session;

        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(alice.Id, AccountRole.Administrator, null));
        Assert.Equal(alice with { Role = AccountRole.Administrator }, await Directory.Find("alice"));
        Assert.Equal(AccountRole.Administrator, (await Account(alice.Id).Check(session))!.Role);

        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(alice.Id, null, true));
        var disabled = alice with { Role = AccountRole.Administrator, IsDisabled = true };
        Assert.Equal(disabled, await Directory.Find("alice"));
        Assert.Contains(disabled, await Directory.GetAccounts());
        Assert.Null(await Account(alice.Id).Check(session));

        await RestartAsync();
        Assert.Equal(disabled, await Directory.Find("alice"));
        Assert.Equal(disabled, await Account(alice.Id).GetInfo());
    }

    [Fact]
    public async Task TheLastAdministratorWhoCanSignIn_Stays()
    {
        var root = await CreateAsync("root", AccountRole.Administrator);
        var other = await CreateAsync("other", AccountRole.Administrator);
        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(other.Id, null, true));

        foreach (var outcome in new[]
        {
            await Directory.SetStanding(root.Id, AccountRole.User, null),
            await Directory.SetStanding(root.Id, null, true),
            await Directory.SetStanding(root.Id, AccountRole.User, true),
            await Directory.Delete(root.Id, OrphanedHosts.Transfer, other.Id),
        })
        {
            Assert.Equal(AccountOutcome.LastAdministrator, outcome);
        }

        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(root.Id, AccountRole.Administrator, false));
        Assert.Equal(root, await Directory.Find("root"));
        Assert.Equal(root, await Account(root.Id).GetInfo());

        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(other.Id, null, false));
        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(root.Id, AccountRole.User, null));
        Assert.Equal(AccountOutcome.LastAdministrator, await Directory.SetStanding(other.Id, null, true));
    }

    [Fact]
    public async Task AnAccountThatIsNotThere_IsNotFound()
    {
        await CreateAsync("root", AccountRole.Administrator);

        Assert.Equal(AccountOutcome.NotFound, await Directory.SetStanding(2, AccountRole.User, null));
        Assert.Equal(AccountOutcome.NotFound, await Directory.Delete(2, OrphanedHosts.Delete, 1));
        Assert.Equal(2, (await CreateAsync("alice")).Id);
    }

    [Fact]
    public async Task AStandingThatCannotBeWrittenDown_ChangesNothing()
    {
        await CreateAsync("root", AccountRole.Administrator);
        var alice = await CreateAsync("alice", AccountRole.Administrator);

        Silo.Faults.BreakState("account-directory");
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.SetStanding(alice.Id, AccountRole.User, null));
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.Delete(alice.Id, OrphanedHosts.Delete, 1));
        Silo.Faults.MendState("account-directory");
        await RestartAsync();

        Assert.Equal(alice, await Directory.Find("alice"));
        Assert.Equal(alice, await Account(alice.Id).GetInfo());
    }

    /// <summary>The account's own write, and the directory's second, which is that it is done.</summary>
    [Theory]
    [InlineData("account", 0, false)]
    [InlineData("account", 0, true)]
    [InlineData("account-directory", 1, false)]
    [InlineData("account-directory", 1, true)]
    public async Task AStandingThatIsWrittenDownOnly_IsMadeSoLater_AndCountsForNothingUntilThen(string state, int after, bool restarts)
    {
        var root = await CreateAsync("root", AccountRole.Administrator);
        var alice = await CreateAsync("alice", AccountRole.Administrator);
        var session = (await Account(alice.Id).StartSession(Hash, Home))!.Principal.Session;

        Silo.Faults.BreakState(state, after: after);
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.SetStanding(alice.Id, AccountRole.User, true));

        // Nobody knows whether it is an administrator now, so it is not one that may be left alone.
        Assert.Equal(AccountOutcome.LastAdministrator, await Directory.SetStanding(root.Id, AccountRole.User, null));
        Assert.Equal(AccountOutcome.LastAdministrator, await Directory.Delete(root.Id, OrphanedHosts.Delete, 0));

        Silo.Faults.MendState(state);
        if (restarts) await RestartAsync();
        var expected = alice with { Role = AccountRole.User, IsDisabled = true };
        await UntilAsync(async () => await Directory.Find("alice") == expected, "the standing that was written down");
        Assert.Equal(expected, await Account(alice.Id).GetInfo());
        Assert.Null(await Account(alice.Id).Check(session));
    }

    [Fact]
    public async Task ANewStanding_ComesAfterTheOneThatIsWrittenDown()
    {
        await CreateAsync("root", AccountRole.Administrator);
        var alice = await CreateAsync("alice");
        Silo.Faults.BreakState("account");
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.SetStanding(alice.Id, AccountRole.Administrator, null));
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.SetStanding(alice.Id, null, true));
        Silo.Faults.MendState("account");

        Assert.Equal(AccountOutcome.Done, await Directory.SetStanding(alice.Id, null, true));

        Assert.Equal(alice with { Role = AccountRole.Administrator, IsDisabled = true }, await Account(alice.Id).GetInfo());
    }

    [Fact]
    public async Task ADeletedAccount_IsDeadAtOnce_AndItsNameIsFreeWhenItIsGone_ButNotItsId()
    {
        await CreateAsync("root", AccountRole.Administrator);
        var alice = await CreateAsync("alice", AccountRole.Administrator);
        var session = (await Account(alice.Id).StartSession(Hash, Home))!.Principal.Session;

        Assert.Equal(AccountOutcome.Done, await Directory.Delete(alice.Id, OrphanedHosts.Transfer, 1));
        Assert.Null(await Directory.Find("alice"));
        Assert.Equal(["root"], await NamesAsync());
        Assert.Null(await Account(alice.Id).Check(session));
        Assert.Null(await Account(alice.Id).GetCredential());
        Assert.Equal(AccountOutcome.NotFound, await Directory.SetStanding(alice.Id, AccountRole.Administrator, false));
        Assert.Equal(AccountOutcome.LastAdministrator, await Directory.SetStanding(1, AccountRole.User, null));

        Assert.Equal(3, (await WhenFreeAsync("Alice")).Id);
        Assert.Equal(AccountOutcome.NotFound, await Directory.Delete(alice.Id, OrphanedHosts.Transfer, 1));
        await RestartAsync();
        Assert.Equal(["Alice", "root"], await NamesAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task WhateverIsAsked_AndWhereverItBreaksOff_AnAdministratorRemains_AndAllAgreesInTheEnd(int seed)
    {
        var random = new Random(seed);
        var last = 0L;
        for (var i = 0; i < 4; i++) last = (await CreateAsync($"user-{i}", i < 2 ? AccountRole.Administrator : AccountRole.User)).Id;

        var asked = 0;
        for (var step = 0; step < 150; step++)
        {
            var state = random.Next(2) == 0 ? "account" : "account-directory";
            if (random.Next(3) == 0) Silo.Faults.BreakState(state, after: random.Next(3));
            try
            {
                var id = random.NextInt64(1, last + 2);
                var act = random.Next(20);
                if (act == 0) last = (await Directory.Create($"late-{step}", Hash, AccountRole.User)).Account?.Id ?? last;
                else if (act == 1) await Directory.Delete(id, OrphanedHosts.Transfer, 1);
                else await Directory.SetStanding(id, random.Next(3) == 0 ? null : (AccountRole)random.Next(2), random.Next(2) == 0 ? null : random.Next(3) == 0);
                asked++;
            }
            catch (StorageFailedException)
            {
                // It is done or not, or will be.
            }

            Silo.Faults.MendState("account");
            Silo.Faults.MendState("account-directory");
            if (random.Next(15) == 0) await RestartAsync();
            var accounts = await Task.WhenAll(Enumerable.Range(1, (int)last).Select(id => Account(id).GetInfo()));
            Assert.Contains(accounts, account => account is { Role: AccountRole.Administrator, IsDisabled: false });
        }

        Assert.InRange(asked, 60, 149);
        await UntilAsync(
            async () =>
            {
                var accounts = await Task.WhenAll(Enumerable.Range(1, (int)last + 1).Select(id => Account(id).GetInfo()));
                return accounts.OfType<AccountInfo>().SequenceEqual((await Directory.GetAccounts()).OrderBy(account => account.Id));
            },
            "the agreement of directory and accounts");
        Assert.Contains(await Directory.GetAccounts(), account => account is { Role: AccountRole.Administrator, IsDisabled: false });
    }

    private IAccountGrain Account(long id) => Silo.Client.GetGrain<IAccountGrain>(id);

    private async Task<AccountInfo> CreateAsync(string name, AccountRole role = AccountRole.User)
    {
        var (outcome, account) = await Directory.Create(name, Hash, role);
        Assert.Equal(AccountOutcome.Done, outcome);
        return account!;
    }

    private async Task<IEnumerable<string>> NamesAsync() => (await Directory.GetAccounts()).Select(account => account.Name);

    /// <summary>Makes an account when there is room for it, which the end of another makes.</summary>
    private async Task<AccountInfo> WhenFreeAsync(string name)
    {
        NewAccountResult? result = null;
        await UntilAsync(async () => (result = await Directory.Create(name, Hash, AccountRole.User)).Outcome == AccountOutcome.Done, $"room for {name}");
        return result!.Account!;
    }

    private Task UntilAsync(Func<Task<bool>> hasHappened, string what) => Waiting.UntilAsync(
        () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return hasHappened();
        },
        what);
}
