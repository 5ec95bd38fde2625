using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

public sealed class TellingTimesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly ImmutableArray<Escalation> Steps = [new(TimeSpan.FromMinutes(10), [7]), new(TimeSpan.FromMinutes(90), [8])];

    [Fact]
    public void WithNeither_ItIsLeftAlone() => Assert.Equal(DateTimeOffset.MaxValue, TellingTimes.First(Noon, TimeSpan.Zero, [], Noon));

    [Fact]
    public void RepeatsAndEscalations_ComeAtTheirTimes()
    {
        var told = Walk(Hour, Steps, TimeSpan.FromHours(3));

        Assert.Equal(["10: escalate 7", "60: repeat", "90: escalate 8", "120: repeat", "180: repeat"], told);
    }

    [Fact]
    public void WhatWasMissed_IsMadeUpForOnce()
    {
        var due = TellingTimes.Due(Noon, Noon.AddMinutes(10), Hour, Steps, 0, Noon.AddHours(5.1));

        Assert.True(due.Repeat);
        Assert.Equal([7, 8], due.Escalate.AsEnumerable());
        Assert.Equal((2, Noon.AddHours(6)), (due.Step, due.NextAt));
    }

    [Fact]
    public void ToldLate_ItIsNotRepeatedRightAfter() => Assert.Equal(Noon.AddHours(2), TellingTimes.First(Noon, Hour, [], Noon.AddMinutes(55)));

    [Fact]
    public void LookedAtBeforeItsTime_NothingIsDue()
    {
        var due = TellingTimes.Due(Noon, Noon.AddMinutes(5), Hour, Steps, 0, Noon.AddMinutes(5));

        Assert.Equal((false, true, 0, Noon.AddMinutes(10)), (due.Repeat, due.Escalate.IsEmpty, due.Step, due.NextAt));
    }

    private static List<string> Walk(TimeSpan repeat, ImmutableArray<Escalation> steps, TimeSpan length)
    {
        var (told, step) = (new List<string>(), 0);
        for (var at = TellingTimes.First(Noon, repeat, steps, Noon); at <= Noon + length;)
        {
            // A timer is a moment late.
            var due = TellingTimes.Due(Noon, at, repeat, steps, step, at.AddMilliseconds(7));
            if (due.Repeat) told.Add($"{(at - Noon).TotalMinutes}: repeat");
            if (!due.Escalate.IsEmpty) told.Add($"{(at - Noon).TotalMinutes}: escalate {due.Escalate.Single()}");
            (at, step) = (due.NextAt, due.Step);
        }

        return told;
    }
}
