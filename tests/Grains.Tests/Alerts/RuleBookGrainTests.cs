using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Alerts;

/// <summary>An account's rules: the defaults, changes to them, and that others hear of it.</summary>
public sealed class RuleBookGrainTests : SiloTests
{
    private static readonly AlertRule Swap = new() { Name = "Swapping", Kind = AlertKind.Threshold, Series = "swap.used.percent", Threshold = 50 };

    private IRuleBookGrain Book => Silo.Client.GetGrain<IRuleBookGrain>(7);

    [Fact]
    public async Task AnAccountThatChangedNothing_HasTheDefaults()
    {
        Assert.Equal(DefaultRules.All, await Book.Get());
        Assert.Equal(0, (await Book.GetBook()).Version);
        Assert.Equal(["offline", "cpu", "memory", "disk", "disk-full"], (await Book.Get()).Select(rule => rule.DefaultKey));
    }

    [Fact]
    public async Task Changes_SurviveARestart_AndIdsAreNeverGivenAgain()
    {
        var swap = (await Book.Add(Swap)).Rule!;
        Assert.Equal((DefaultRules.LastId + 1, Time.Wall, Time.Wall), (swap.Id, swap.CreatedAt, swap.ChangedAt));
        var other = (await Book.Add(Swap with { Name = "Other" })).Rule!;
        Assert.Equal(RuleOutcome.Done, await Book.Remove(other.Id));

        Time.Advance(TimeSpan.FromHours(1));
        var changed = (await Book.Replace(swap with { Threshold = 60, CreatedAt = default, DefaultKey = "cpu" })).Rule!;
        Assert.Equal(swap with { Threshold = 60, ChangedAt = Time.Wall }, changed);

        await RestartAsync();

        foreach (var (a, b) in DefaultRules.All.Append(changed).Zip(await Book.Get())) Assert.Equal(a, b);
        Assert.Equal(DefaultRules.All.Length + 1, (await Book.Get()).Length);
        Assert.Equal(4, (await Book.GetBook()).Version);
        Assert.Equal(other.Id + 1, (await Book.Add(Swap)).Rule!.Id);
    }

    [Fact]
    public async Task WhatIsNotThere_CannotBeChanged()
    {
        Assert.Equal(RuleOutcome.NotFound, (await Book.Replace(Swap with { Id = 99 })).Outcome);
        Assert.Equal(RuleOutcome.NotFound, await Book.Remove(99));
        Assert.Equal(0, (await Book.GetBook()).Version);
    }

    [Fact]
    public async Task AChangeThatChangesNothing_IsNone()
    {
        var cpu = (await Book.Get())[1];
        Assert.Equal(new RuleResult(RuleOutcome.Done, cpu), await Book.Replace(cpu));
        Assert.Equal(0, (await Book.GetBook()).Version);
    }

    [Fact]
    public async Task OneTooMany_IsRefused()
    {
        for (var i = DefaultRules.All.Length; i < AlertRules.MaxRules; i++) Assert.Equal(RuleOutcome.Done, (await Book.Add(Swap)).Outcome);
        Assert.Equal(new RuleResult(RuleOutcome.TooMany), await Book.Add(Swap));
        Assert.Equal(AlertRules.MaxRules, (await Book.Get()).Length);
    }

    [Fact]
    public async Task Defaults_ComeBack_AndWhatIsAsItWasStays()
    {
        var mine = (await Book.Add(Swap)).Rule!;
        await Book.Remove(1);
        await Book.Replace((await Book.Get())[0] with { IsEnabled = false });
        Time.Advance(TimeSpan.FromHours(1));

        var restored = await Book.RestoreDefaults();

        Assert.Equal([1, 2, 3, 4, 5, mine.Id], restored.Select(rule => rule.Id));
        Assert.Equal(DefaultRules.All[0] with { ChangedAt = Time.Wall }, restored[0]);
        Assert.Equal(DefaultRules.All[1] with { ChangedAt = Time.Wall }, restored[1]);
        Assert.Equal(DefaultRules.All[2], restored[2]);
        Assert.Equal(mine, restored[5]);
        var version = (await Book.GetBook()).Version;
        await Book.RestoreDefaults();
        Assert.Equal(version, (await Book.GetBook()).Version);
    }

    [Fact]
    public async Task WhatCannotBeStored_DoesNotHold_AndNobodyHears()
    {
        var events = await Silo.SubscribeAsync<RulesChanged>(LiveTopics.Rules);
        Silo.Faults.BreakState("rules");
        await Assert.ThrowsAsync<StorageFailedException>(() => Book.Add(Swap));
        Assert.Equal(DefaultRules.All, await Book.Get());

        Silo.Faults.MendState("rules");
        var added = (await Book.Add(Swap)).Rule!;

        Assert.Equal(new RulesChanged(7, 1), await events.NextAsync("the change"));
        Assert.Equal(DefaultRules.LastId + 1, added.Id);
    }

    [Fact]
    public async Task ADeletedAccount_HasNoRules_AlsoAfterARestart()
    {
        var account = Silo.Client.GetGrain<IAccountGrain>(7);
        await account.Initialize(new AccountInfo(7, "alice", AccountRole.User, false, Time.Wall), "hash");
        await account.Delete();
        await account.Delete();
        Assert.Empty(await Book.Get());

        await RestartAsync();
        Assert.Empty(await Book.Get());
    }

    [Fact]
    public async Task CopiesOfTheSilo_AreNewAtOnce_AndAnOldOneChangesNothing()
    {
        var books = Silo.Service<RuleBooks>();
        Assert.Equal(5, (await books.GetAsync(Silo.Client, 7)).OfOwn(1, null, []).All.Length);
        var generation = books.Generation;

        await Book.Add(Swap);
        Assert.NotEqual(generation, books.Generation);
        Assert.Equal(6, (await books.GetAsync(Silo.Client, 7)).OfOwn(1, null, []).All.Length);

        generation = books.Generation;
        books.Set(7, new RuleBook(0, []));
        await books.RefreshAsync(Silo.Client, 7);
        Assert.Equal(generation, books.Generation);
    }

    [Fact]
    public async Task ACopyOfAnotherSilo_IsReadAgain_WhenItIsToldOf_OrInAnyCaseByAndBy()
    {
        var other = new RuleBooks();
        Assert.Equal(0, (await other.GetAsync(Silo.Client, 7)).Version);
        await Book.Add(Swap);
        await other.RefreshAsync(Silo.Client, 7, version: 0);
        Assert.Equal(0, (await other.GetAsync(Silo.Client, 7)).Version);
        await other.RefreshAsync(Silo.Client, 7, version: 1);
        Assert.Equal(1, (await other.GetAsync(Silo.Client, 7)).Version);

        await Book.Add(Swap);
        await other.RefreshAsync(Silo.Client, 7);
        Assert.Equal(2, (await other.GetAsync(Silo.Client, 7)).Version);
    }
}
