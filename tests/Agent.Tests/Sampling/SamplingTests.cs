using System.Text.Json;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Sampling;
using StatusMonitor.Agent.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests.Sampling;

public sealed class CollectionClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Times_AreCutToMilliseconds()
    {
        var clock = new CollectionClock(new FakeTime { Wall = Noon.AddTicks(12_345_678) });
        Assert.Equal(Noon.AddMilliseconds(1_234), clock.Next());
    }

    [Fact]
    public void ClockThatStandsStill_GivesTheNextMillisecond()
    {
        var clock = new CollectionClock(new FakeTime { Wall = Noon });
        Assert.Equal([Noon, Noon.AddMilliseconds(1), Noon.AddMilliseconds(2)], [clock.Next(), clock.Next(), clock.Next()]);
    }

    [Fact]
    public void SmallStepBack_StillGivesALaterTime()
    {
        var time = new FakeTime { Wall = Noon };
        var clock = new CollectionClock(time);
        clock.Next();
        time.Wall = Noon.AddMilliseconds(-900);
        Assert.Equal(Noon.AddMilliseconds(1), clock.Next());
    }

    [Fact]
    public void ClockThatWasSetBack_IsBelieved()
    {
        var time = new FakeTime { Wall = Noon };
        var clock = new CollectionClock(time);
        clock.Next();
        time.Wall = Noon.AddHours(-1);
        Assert.Equal(Noon.AddHours(-1), clock.Next());
    }
}

public sealed class SampleScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public void SlowSamples_DoNotShiftTheFollowing()
    {
        var time = new FakeTime();
        var schedule = new SampleSchedule(time, Interval);
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(37));
            time.Advance(schedule.UntilNext());
        }

        Assert.Equal(100 * Interval, time.GetElapsedTime(0));
    }

    [Fact]
    public void TimerThatFiresEarly_DoesNotDoubleASample()
    {
        var time = new FakeTime();
        var schedule = new SampleSchedule(time, Interval);
        var early = TimeSpan.FromMilliseconds(3);
        time.Advance(schedule.UntilNext() - early);
        Assert.Equal(Interval + early, schedule.UntilNext());
    }

    [Fact]
    public void LongPause_IsNotCaughtUp()
    {
        var time = new FakeTime();
        var schedule = new SampleSchedule(time, Interval);
        time.Advance(TimeSpan.FromSeconds(3_601));
        Assert.Equal(TimeSpan.FromSeconds(4), schedule.UntilNext());
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(Interval, schedule.UntilNext());
    }
}

public sealed class SamplerTests
{
    [Fact]
    public void Report_IsWhatTheProtocolReads()
    {
        var time = new FakeTime { Wall = new DateTimeOffset(2026, 11, 22, 5, 0, 0, 123, TimeSpan.Zero) };
        using var machine = Machine.Recorded("debian12-6.1-server");
        using var log = new LogText(time);
        using var sampler = new Sampler(machine.Files, new CollectorSet([new UptimeCollector(machine.Files), new NetworkCollector(machine.Files)], log.Log), time, TimeSpan.FromSeconds(2.5));
        sampler.Prime();

        var report = JsonSerializer.Deserialize(sampler.Collect(42).Span, ProtocolJson.Default.Report)!;

        Assert.Equal(42, report.Seq);
        Assert.Equal("0c2f7d62-0a0b-45c7-bb39-5a5a2a35f4d1", report.BootId);
        Assert.Equal(time.Wall, report.At);
        Assert.Equal(2.5, report.Interval);
        Assert.Equal(1_204_117, report.Samples["uptime.seconds"]);
        Assert.Equal(9_007_199_254_740_993d, report.Samples["net.rx.bytes{nic=bond0}"]);
        Assert.Equal(17, report.Samples.Count);
    }

    [Fact]
    public void NextReport_HoldsNothingOfTheLast()
    {
        using var machine = Machine.Empty().Write("proc/uptime", "5.00 1.00\n").Write("proc/loadavg", "1 2 3 1/2 3\n");
        using var log = new LogText();
        using var sampler = new Sampler(machine.Files, new CollectorSet([new UptimeCollector(machine.Files), new LoadCollector(machine.Files)], log.Log), TimeProvider.System, TimeSpan.FromSeconds(5));
        sampler.Collect(0);
        machine.Delete("proc/loadavg");

        var report = JsonSerializer.Deserialize(sampler.Collect(1).Span, ProtocolJson.Default.Report)!;

        Assert.Equal(["uptime.seconds"], report.Samples.Keys);
        Assert.Equal(1, report.Seq);
    }
}
