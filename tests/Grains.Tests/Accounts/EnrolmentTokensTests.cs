using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class EnrolmentTokensTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EachToken_IsGoodForItsUses_UntilItExpires() => Prop.ForAll(
        (from uses in Gen.Choose(1, 4).ArrayOf(3) from hours in Gen.Choose(1, 30).ArrayOf(3) from shown in Gen.Choose(0, 3).ListOf() select (uses, hours, shown)).ToArbitrary(),
        world =>
        {
            ImmutableArray<EnrolmentToken> tokens = [.. world.uses.Select((uses, i) => Token(i, uses, Start + TimeSpan.FromHours(world.hours[i])))];
            var used = new int[4];
            var now = Start;
            foreach (var number in world.shown)
            {
                now += TimeSpan.FromHours(1);
                var isGood = number < 3 && used[number] < world.uses[number] && now < Start + TimeSpan.FromHours(world.hours[number]);
                var redeemed = EnrolmentTokens.Redeem(tokens, Hash(number), now);
                Assert.Equal(isGood ? $"token {number}" : null, redeemed?.Terms.Label);
                if (redeemed is not var (_, left)) continue;
                tokens = left;
                used[number]++;
                Assert.Equal(
                    Enumerable.Range(0, 3).Where(i => used[i] < world.uses[i] && now < Start + TimeSpan.FromHours(world.hours[i])).Select(i => (i, world.uses[i] - used[i])),
                    tokens.Select(token => (token.Id, token.UsesLeft)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void ThoseThatAreUsedUpOrExpired_AreNoneAnyMore()
    {
        ImmutableArray<EnrolmentToken> tokens = [Token(1, 0, Start + TimeSpan.FromHours(1)), Token(2, 1, Start), Token(3, 1, Start + TimeSpan.FromTicks(1))];

        Assert.Equal([3], EnrolmentTokens.Live(tokens, Start).Select(token => token.Id));
    }

    private static EnrolmentToken Token(int number, int uses, DateTimeOffset expiresAt) =>
        new(number, Hash(number), new EnrolmentTerms($"token {number}", null, [], uses, expiresAt), uses, Start);

    private static TokenHash Hash(int number) => new(0, 0, 0, (ulong)number);
}
