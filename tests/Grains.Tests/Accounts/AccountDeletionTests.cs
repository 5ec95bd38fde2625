using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Accounts;

/// <summary>What becomes of the hosts of an account that is deleted, also if it breaks off in between.</summary>
public sealed class AccountDeletionTests : SiloTests
{
    private long _root;
    private long _alice;
    private long _bob;

    private IAccountDirectoryGrain Directory => Silo.Client.GetGrain<IAccountDirectoryGrain>(0);

    [Fact]
    public async Task Transferred_TheyAreTheHeirs_AndThoseOfOthersStayTheirs()
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1, 2, 17, 33);
        await RegisterAsync(_bob, 3, 18);

        Assert.Equal(AccountOutcome.Done, await Directory.Delete(_alice, OrphanedHosts.Transfer, _root));
        await GoneAsync("alice");

        foreach (var host in new[] { 1, 2, 17, 33 }) Assert.Equal(_root, await OwnerAsync(host));
        foreach (var host in new[] { 3, 18 }) Assert.Equal(_bob, await OwnerAsync(host));
        Assert.Equal([1, 17, 33], (await Silo.Shard(1).GetOwned(_root)).Order());
        await RestartAsync();
        Assert.Equal(_root, await OwnerAsync(17));
    }

    [Fact]
    public async Task Deleted_TheyAreNoMore()
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1, 2);
        await RegisterAsync(_bob, 3);

        await Directory.Delete(_alice, OrphanedHosts.Delete, _root);
        await GoneAsync("alice");

        Assert.Null(await OwnerAsync(1));
        Assert.Null(await OwnerAsync(2));
        Assert.Equal(_bob, await OwnerAsync(3));
    }

    [Fact]
    public async Task MoreThanOneTurnSeesTo_AreSeenToInSeveral()
    {
        await CreateAsync();
        var hosts = Enumerable.Range(1, 150).Select(i => (long)i).ToArray();
        await RegisterAsync(_alice, hosts);

        await Directory.Delete(_alice, OrphanedHosts.Transfer, _bob);
        await GoneAsync("alice");

        Assert.All(await Task.WhenAll(hosts.Select(OwnerAsync)), owner => Assert.Equal(_bob, owner));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhileAHostCannotBeStored_TheNameIsTaken_AndItGoesOnLater(bool restarts)
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1, 2);
        Silo.Faults.BreakState("host");

        Assert.Equal(AccountOutcome.Done, await Directory.Delete(_alice, OrphanedHosts.Transfer, _root));
        for (var second = 0; second < 20; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(AccountOutcome.NameTaken, (await Directory.Create("alice", "hash", AccountRole.User)).Outcome);
        }

        Assert.Equal(_alice, await OwnerAsync(1));
        Assert.Null(await Directory.Find("alice"));

        Silo.Faults.MendState("host");
        if (restarts) await RestartAsync();
        await GoneAsync("alice");
        Assert.Equal(_root, await OwnerAsync(1));
        Assert.Equal(_root, await OwnerAsync(2));
    }

    /// <summary>The account's own write, and the directory's second, which is that nothing is left.</summary>
    [Theory]
    [InlineData("account", 0, false)]
    [InlineData("account", 0, true)]
    [InlineData("account-directory", 1, false)]
    [InlineData("account-directory", 1, true)]
    public async Task ADeletionThatIsWrittenDownOnly_IsEndedLater(string state, int after, bool restarts)
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1);
        var session = (await Account(_alice).StartSession("hash", new SessionOrigin(null, null)))!.Principal.Session;

        Silo.Faults.BreakState(state, after: after);
        if (state == "account") await Assert.ThrowsAsync<StorageFailedException>(() => Directory.Delete(_alice, OrphanedHosts.Delete, _root));
        else Assert.Equal(AccountOutcome.Done, await Directory.Delete(_alice, OrphanedHosts.Delete, _root));
        Assert.Null(await Directory.Find("alice"));

        Silo.Faults.MendState(state);
        if (restarts) await RestartAsync();
        await GoneAsync("alice");
        Assert.Null(await Account(_alice).Check(session));
        Assert.Null(await Account(_alice).GetInfo());
        Assert.Null(await OwnerAsync(1));
    }

    [Fact]
    public async Task AskedAgainAfterAFailure_ItIsDone_WithTheHostsAsAskedFirst()
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1);
        Silo.Faults.BreakState("account");
        await Assert.ThrowsAsync<StorageFailedException>(() => Directory.Delete(_alice, OrphanedHosts.Transfer, _bob));
        Silo.Faults.MendState("account");

        Assert.Equal(AccountOutcome.Done, await Directory.Delete(_alice, OrphanedHosts.Delete, _root));
        Assert.Null(await Account(_alice).GetInfo());
        await GoneAsync("alice");
        Assert.Equal(_bob, await OwnerAsync(1));
    }

    [Fact]
    public async Task AnHeirWhoIsDeletedMeanwhile_InheritsNothing()
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1);
        await RegisterAsync(_bob, 2);
        Silo.Faults.BreakState("host");
        await Directory.Delete(_alice, OrphanedHosts.Transfer, _bob);
        await Directory.Delete(_bob, OrphanedHosts.Delete, _root);

        Silo.Faults.MendState("host");
        await GoneAsync("alice");
        await GoneAsync("bob");
        Assert.Equal(0, await OwnerAsync(1));
        Assert.Null(await OwnerAsync(2));
    }

    [Fact]
    public async Task OwnHostsLeftToOneself_AreNobodys()
    {
        await CreateAsync();
        await RegisterAsync(_alice, 1);

        await Directory.Delete(_alice, OrphanedHosts.Transfer, _alice);
        await GoneAsync("alice");

        Assert.Equal(0, await OwnerAsync(1));
    }

    private IAccountGrain Account(long id) => Silo.Client.GetGrain<IAccountGrain>(id);

    private async Task CreateAsync()
    {
        _root = (await Directory.Create("root", "hash", AccountRole.Administrator)).Account!.Id;
        _alice = (await Directory.Create("alice", "hash", AccountRole.User)).Account!.Id;
        _bob = (await Directory.Create("bob", "hash", AccountRole.User)).Account!.Id;
    }

    private Task RegisterAsync(long owner, params long[] hosts) => Task.WhenAll(hosts.Select(host => Silo.Host(host).Register(new NewHost($"host-{host}", owner, null, []))));

    private async Task<long?> OwnerAsync(long host) => (await Silo.Host(host).GetPeople())?.OwnerId;

    /// <summary>An account is gone when its name is free.</summary>
    private Task GoneAsync(string name) => Waiting.UntilAsync(
        async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await Directory.Create(name, "hash", AccountRole.User)).Outcome == AccountOutcome.Done;
        },
        $"the end of {name}");
}
