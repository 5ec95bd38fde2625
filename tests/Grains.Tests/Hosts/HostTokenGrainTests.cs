using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>A host's tokens: made, replaced, taken back and validated.</summary>
public sealed class HostTokenGrainTests : SiloTests
{
    private static readonly TimeSpan Window = new HostOptions().TokenActivationWindow;

    [Fact]
    public async Task ATokensLife_IsTold()
    {
        await Silo.RegisterAsync(1);
        var made = Time.Wall;
        var issued = (await Silo.Host(1).IssueToken(replace: false))!;
        Assert.Equal((1, made + Window), (issued.Id, issued.ExpiresAt));
        Assert.Equal([new TokenInfo(1, made, made + Window, false, null)], (await TokensAsync()).AsEnumerable());

        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(TokenHash.TryHash(issued.Token, out var hash));
        var agent = new TestAgent(Silo, 1, hash);
        await agent.SendAsync(agent.Report());
        Assert.Equal([new TokenInfo(1, made, made + Window, true, Time.Wall)], (await TokensAsync()).AsEnumerable());

        Time.Advance(TimeSpan.FromSeconds(10));
        await agent.SendAsync(agent.Report());
        Assert.Equal(Time.Wall, (await TokensAsync()).Single().LastUsedAt);

        // When it was last used is not worth a write.
        await RestartAsync();
        Assert.Equal([new TokenInfo(1, made, made + Window, true, null)], (await TokensAsync()).AsEnumerable());
    }

    [Fact]
    public async Task Replacing_KillsAllOthersAtOnce_AlsoOverARestart()
    {
        var first = await Silo.EnrolAsync(1);
        var second = await Silo.AgentAsync(1);
        await first.SendAsync(first.Report());

        var third = await Silo.AgentAsync(1, replace: true);

        Assert.Equal([3], (await TokensAsync()).Select(token => token.Id));
        Assert.Equal(ReportOutcome.UnknownToken, (await first.SendAsync(first.Report())).Outcome);
        Assert.Equal(ReportOutcome.UnknownToken, (await second.SendAsync(second.Report())).Outcome);
        await AssertDirectoryAsync([third], [first, second]);

        await RestartAsync();
        third = third.At(Silo);
        Assert.Equal(ReportOutcome.UnknownToken, (await first.At(Silo).SendAsync(first.At(Silo).Report())).Outcome);
        Assert.Equal(ReportOutcome.Stored, (await third.SendAsync(third.Report())).Outcome);
    }

    [Fact]
    public async Task AReplacementThatCannotBeStored_ReplacesNothing()
    {
        var agent = await Silo.EnrolAsync(1);
        Silo.Faults.BreakState("host");

        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).IssueToken(replace: true));

        Silo.Faults.MendState("host");
        Assert.Equal([1], (await TokensAsync()).Select(token => token.Id));
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    /// <summary>The directory has an entry before the host knows the token; if the host never does, it goes again.</summary>
    [Fact]
    public async Task ATokenThatCannotBeStored_LeavesNothingInTheDirectory()
    {
        await Silo.RegisterAsync(1);
        Silo.Faults.BreakState("host");
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).IssueToken(replace: false));

        for (var shard = 0; shard < TokenDirectory.Shards; shard++)
        {
            Assert.Empty((await Silo.StoredAsync<TokenDirectoryState>("tokens", Silo.Client.GetGrain<ITokenDirectoryGrain>(shard))).Hosts);
        }
    }

    [Fact]
    public async Task ADirectoryThatCannotForget_KeepsNoTokenAlive()
    {
        var agent = await Silo.EnrolAsync(1);
        Silo.Faults.BreakState("tokens");

        Assert.True(await Silo.Host(1).RevokeToken(1));

        Assert.Equal(ReportOutcome.UnknownToken, (await agent.SendAsync(agent.Report())).Outcome);
        await AssertDirectoryAsync([agent], []);
    }

    [Fact]
    public async Task ARevokedToken_IsUnknown_AndItsNumberIsNotGivenAgain()
    {
        var first = await Silo.EnrolAsync(1);
        var second = await Silo.AgentAsync(1);
        await second.SendAsync(second.Report());

        Assert.True(await Silo.Host(1).RevokeToken(2));
        Assert.False(await Silo.Host(1).RevokeToken(2));
        Assert.False(await Silo.Host(1).RevokeToken(3));

        Assert.Equal(ReportOutcome.UnknownToken, (await second.SendAsync(second.Report())).Outcome);
        await AssertDirectoryAsync([first], [second]);
        await RestartAsync();
        Assert.Equal(3, (await Silo.Host(1).IssueToken(replace: false))!.Id);
        Assert.Equal([1, 3], (await TokensAsync()).Select(token => token.Id));
    }

    [Fact]
    public async Task ARevocationThatCannotBeStored_Fails_AndTheTokenStaysGood()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        Silo.Faults.BreakState("host");

        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).RevokeToken(1));

        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    [Fact]
    public async Task AsManyTokensAsThereMayBe_AreNotMore_UnlessTheyAreReplaced()
    {
        await RestartAsync(configure: options => options.MaxTokens = 2);
        var used = await Silo.EnrolAsync(1);
        await used.SendAsync(used.Report());
        var unused = await Silo.AgentAsync(1);
        Assert.Null(await Silo.Host(1).IssueToken(replace: false));

        // One that expired unused takes no room, and is forgotten.
        Time.Advance(Window + TimeSpan.FromMilliseconds(1));
        var third = await Silo.AgentAsync(1);
        Assert.Null(await Silo.Host(1).IssueToken(replace: false));
        await AssertDirectoryAsync([used, third], [unused]);

        Assert.NotNull(await Silo.Host(1).IssueToken(replace: true));
        Assert.Single(await TokensAsync());
    }

    [Fact]
    public async Task Validating_MakesATokenPermanent_AndIsASignOfLife_ButNoReport()
    {
        var agent = await Silo.EnrolAsync(1);
        Time.Advance(Window);
        var validated = Time.Wall;

        Assert.Equal(TokenOutcome.Valid, await Silo.Host(1).ValidateToken(agent.Token));

        Assert.Equal((HostStatus.Pending, validated), await SeenAsync());
        var line = Assert.Single(await Silo.Shard(1).GetHosts(null));
        Assert.Equal((HostStatus.Pending, validated), (line.Status, line.LastSeen));
        var token = Assert.Single(await TokensAsync());
        Assert.Equal((true, validated), (token.IsActivated, token.LastUsedAt));

        await RestartAsync(TimeSpan.FromDays(1));
        Assert.Equal((HostStatus.Pending, validated), await SeenAsync());
        Assert.Equal(TokenOutcome.Valid, await Silo.Host(1).ValidateToken(agent.Token));
    }

    [Fact]
    public async Task Validating_IsNewerThanTheLastReport_AndBringsNoHostBack()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        Assert.Equal(TokenOutcome.Valid, await Silo.Host(1).ValidateToken(agent.Token));

        Assert.Equal((HostStatus.Offline, Time.Wall), await SeenAsync());
    }

    [Fact]
    public async Task ATokenThatIsNotGood_IsNotValid()
    {
        var agent = await Silo.EnrolAsync(1);
        Assert.Equal(TokenOutcome.Unknown, await Silo.Host(1).ValidateToken(TestAgent.NewHash()));
        Assert.Equal(TokenOutcome.Unknown, await Silo.Host(2).ValidateToken(agent.Token));

        Time.Advance(Window + TimeSpan.FromMilliseconds(1));
        Assert.Equal(TokenOutcome.Expired, await Silo.Host(1).ValidateToken(agent.Token));
        Assert.Equal((HostStatus.Pending, null), await SeenAsync());
    }

    [Fact]
    public async Task AValidationThatCannotBeStored_IsNone()
    {
        var agent = await Silo.EnrolAsync(1);
        Silo.Faults.BreakState("host");

        Assert.Equal(TokenOutcome.StorageFailed, await Silo.Host(1).ValidateToken(agent.Token));

        Silo.Faults.MendState("host");
        Assert.Equal((HostStatus.Pending, null), await SeenAsync());
        Assert.False((await TokensAsync()).Single().IsActivated);
    }

    [Fact]
    public async Task TheDirectory_ForgetsWhatItIsTold_AlsoTwice()
    {
        var tokens = Enumerable.Range(0, 100).Select(_ => TestAgent.NewHash()).ToImmutableArray();
        foreach (var token in tokens) await TokenDirectory.For(Silo.Client, token).Add(token, 7);

        await TokenDirectory.ForgetAsync(Silo.Client, tokens[..60]);
        await TokenDirectory.ForgetAsync(Silo.Client, tokens[..60]);

        await RestartAsync();
        for (var i = 0; i < tokens.Length; i++) Assert.Equal(i < 60 ? null : 7, await TokenDirectory.For(Silo.Client, tokens[i]).Find(tokens[i]));
    }

    [Fact]
    public async Task WhatTheDirectoryCannotForget_ItKeeps()
    {
        var token = TestAgent.NewHash();
        await TokenDirectory.For(Silo.Client, token).Add(token, 7);
        Silo.Faults.BreakState("tokens");

        await Assert.ThrowsAnyAsync<Exception>(() => TokenDirectory.ForgetAsync(Silo.Client, [token]));

        Assert.Equal(7, await TokenDirectory.For(Silo.Client, token).Find(token));
    }

    private async Task<ImmutableArray<TokenInfo>> TokensAsync() => (await Silo.Host(1).GetRecord())!.Tokens;

    private async Task<(HostStatus, DateTimeOffset?)> SeenAsync()
    {
        var summary = (await Silo.Host(1).GetSummary())!;
        return (summary.Status, summary.LastSeen);
    }

    private async Task AssertDirectoryAsync(TestAgent[] known, TestAgent[] unknown)
    {
        foreach (var agent in known) Assert.Equal(1, await TokenDirectory.For(Silo.Client, agent.Token).Find(agent.Token));
        foreach (var agent in unknown) Assert.Null(await TokenDirectory.For(Silo.Client, agent.Token).Find(agent.Token));
    }
}
