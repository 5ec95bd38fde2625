using StatusMonitor.Agent.Connection;

namespace StatusMonitor.Agent.Tests.Connection;

public sealed class RetryPolicyTests
{
    private static readonly Delivery Unreachable = new(DeliveryResult.Unreachable);
    private static readonly Delivery TokenRefused = new(DeliveryResult.TokenRefused);

    [Fact]
    public void Waits_DoubleUpToAMinute()
    {
        var policy = new RetryPolicy(() => 0.999_999);
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Waits(policy, Unreachable, 8));
    }

    [Fact]
    public void Jitter_IsFullAndNeverNothing()
    {
        var random = 0.5;
        var policy = new RetryPolicy(() => random);
        Assert.Equal(TimeSpan.FromSeconds(0.5), policy.WaitAfter(Unreachable));
        random = 0;
        Assert.Equal(TimeSpan.FromMilliseconds(100), policy.WaitAfter(Unreachable));
    }

    [Fact]
    public void Success_BeginsAnew()
    {
        var policy = new RetryPolicy(() => 0.999_999);
        Waits(policy, Unreachable, 5);
        policy.Reset();
        Assert.Equal([1, 2], Waits(policy, Unreachable, 2));
    }

    [Fact]
    public void WhatAPersonHasToMend_IsTriedSlowly()
    {
        var policy = new RetryPolicy(() => 0.999_999);
        Assert.Equal([30, 60, 120, 240, 300, 300], Waits(policy, TokenRefused, 6));
        Assert.Equal([1, 2], Waits(policy, Unreachable, 2));
        Assert.Equal([30], Waits(policy, new Delivery(DeliveryResult.WrongAddress), 1));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 0)]
    [InlineData(299, 299)]
    [InlineData(86_400, 300)]
    public void RetryAfter_IsKeptWithinFiveMinutes(int asked, int expected)
    {
        for (var random = 0.0; random < 1; random += 0.25)
        {
            var wait = new RetryPolicy(() => random).WaitAfter(new Delivery(DeliveryResult.Busy, RetryAfter: TimeSpan.FromSeconds(asked)));
            Assert.InRange(wait.TotalSeconds, expected, expected + 1);
        }
    }

    private static int[] Waits(RetryPolicy policy, Delivery delivery, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (int)Math.Round(policy.WaitAfter(delivery).TotalSeconds))];
}
