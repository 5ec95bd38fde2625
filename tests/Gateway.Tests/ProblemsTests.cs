using Orleans.Runtime;

namespace StatusMonitor.Gateway.Tests;

public sealed class ProblemsTests
{
    /// <summary>None of these says anything about the request: it may be sent again.</summary>
    [Fact]
    public void CallsThatComeToNothing_AreProblemsOfNow()
    {
        Exception[] exceptions = [new OrleansException("A silo is gone."), new TimeoutException(), new OperationCanceledException("There was no place for the grain in time."), new TaskCanceledException()];
        Assert.All(exceptions, exception => Assert.Equal((503, "/problems/unavailable"), (Problems.Of(exception).Status, Problems.Of(exception).Type)));
    }

    [Fact]
    public void WhatNobodyExpected_IsAFailureOfTheServer() => Assert.Equal(500, Problems.Of(new InvalidOperationException("A mistake.")).Status);
}
