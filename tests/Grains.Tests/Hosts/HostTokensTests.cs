using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class HostTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(false, -1, TokenOutcome.Valid)]
    [InlineData(false, 0, TokenOutcome.Valid)]
    [InlineData(false, 1, TokenOutcome.Expired)]
    [InlineData(true, 1, TokenOutcome.Valid)]
    public void AToken_IsGoodToTheVeryEndOfItsTime_AndForeverOnceItWasUsed(bool isActivated, int ticksAfterItsEnd, TokenOutcome outcome)
    {
        var token = Token(1, isActivated);

        Assert.Equal(outcome, HostTokens.Judge(token, token.ExpiresAt.AddTicks(ticksAfterItsEnd)));
    }

    [Fact]
    public void NoToken_IsUnknown() => Assert.Equal(TokenOutcome.Unknown, HostTokens.Judge(null, Now));

    [Fact]
    public void AToken_IsFoundByItsHash()
    {
        var tokens = new List<HostToken> { Token(1), Token(2) };

        Assert.Same(tokens[1], HostTokens.Find(tokens, tokens[1].Hash));
        Assert.Null(HostTokens.Find(tokens, TestAgent.NewHash()));
    }

    [Fact]
    public void ActivatingOne_LeavesTheOthers_AndWhatWasThere()
    {
        var tokens = new List<HostToken> { Token(1), Token(2) };
        tokens[1].LastUsedAt = Now;

        var activated = HostTokens.Activate(tokens, tokens[1]);

        Assert.Equal([false, true], activated.Select(token => token.IsActivated));
        Assert.Equal(Now, activated[1].LastUsedAt);
        Assert.All(tokens, token => Assert.False(token.IsActivated));
    }

    [Fact]
    public void WhatExpiredUnused_IsNeitherKeptNorShown()
    {
        var tokens = new List<HostToken> { Token(1, isActivated: true), Token(2), Token(3) with { ExpiresAt = Now + Window + Window } };
        var later = Now + Window + TimeSpan.FromTicks(1);

        Assert.Equal([1, 3], HostTokens.Alive(tokens, later).Select(token => token.Id));
        Assert.Equal(
            [new TokenInfo(1, Now, Now + Window, true, null), new TokenInfo(3, Now, Now + Window + Window, false, null)],
            HostTokens.Describe(tokens, later).AsEnumerable());
    }

    [Fact]
    public void TokensWithoutNumbers_GetThem_AndOthersKeepTheirs()
    {
        var old = new List<HostToken> { Token(0) with { CreatedAt = default }, Token(0, isActivated: true) with { CreatedAt = default } };

        Assert.Equal([(1, Now), (2, Now)], HostTokens.Numbered(old, Window).Select(token => (token.Id, token.CreatedAt)));

        var known = new List<HostToken> { Token(4), Token(9) };
        Assert.Same(known, HostTokens.Numbered(known, Window));
    }

    private static HostToken Token(int id, bool isActivated = false) => new(TestAgent.NewHash(), Now + Window, isActivated, id, Now);
}
