using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>Timers of a grain.</summary>
public sealed class TimerTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task ATimer_TicksAgainAndAgain()
    {
        await host.Grain<ITimerGrain>("ticks").StartTimer("again");

        for (var i = 0; i < 3; i++) await Probe.Next("again ticked");
    }

    [Fact]
    public async Task WhileACallAwaits_OnlyAnInterleavingTimerTicks()
    {
        var call = host.Grain<ITimerGrain>("stays").StartBothAndStay("waiting", "interleaving");

        // It was due long after the other.
        for (var i = 0; i < 3; i++) await Probe.Next("interleaving ticked");
        Assert.Equal(0, Probe.Count("waiting ticked"));

        Probe.Open("stays");
        await call.Soon("the call");
        await Probe.Next("waiting ticked");
    }

    [Fact]
    public async Task WhileATickAwaits_TheTimerDoesNotTickAgain_AndCallsAreHeldBack()
    {
        var grain = host.Grain<ITimerGrain>("slow tick");
        await grain.StartTimer("slow", gate: "slow tick");
        await Probe.Next("slow ticked");

        // Ticks of another grain measure the time in which a second one would have come.
        await host.Grain<ITimerGrain>("metronome").StartTimer("metronome");
        for (var i = 0; i < 10; i++) await Probe.Next("metronome ticked");
        var call = grain.StopTimer("slow");
        await Probe.Next("metronome ticked");
        Assert.Equal(1, Probe.Count("slow ticked"));
        Assert.False(call.IsCompleted);

        Probe.Open("slow tick");
        await call.Soon("the call behind the tick");
    }

    [Fact]
    public async Task WhileATickAwaits_AnInterleavingTimerDoesNotTickAgainEither()
    {
        var grain = host.Grain<ITimerGrain>("slow interleaving tick");
        await grain.StartTimer("slow interleaving", interleave: true, gate: "slow interleaving tick");
        await Probe.Next("slow interleaving ticked");

        await grain.StartTimer("beside", interleave: true);
        for (var i = 0; i < 10; i++) await Probe.Next("beside ticked");
        Assert.Equal(1, Probe.Count("slow interleaving ticked"));

        Probe.Open("slow interleaving tick");
        await Probe.Next("slow interleaving ticked");
    }

    [Fact]
    public async Task AfterAFailedTick_TheNextComes()
    {
        await host.Grain<ITimerGrain>("fails").StartFailing("failing");

        for (var i = 0; i < 3; i++) await Probe.Next("failing ticked");
    }

    [Fact]
    public async Task Change_SetsTheNextTick()
    {
        await host.Grain<ITimerGrain>("changes").StartOnceByChange("once");

        await Probe.Next("once ticked");
    }

    [Fact]
    public async Task AStoppedTimer_TicksNoMore()
    {
        var grain = host.Grain<ITimerGrain>("stops");
        await grain.StartTimer("stopped");
        await Probe.Next("stopped ticked");

        // The call is a turn as the ticks are, so none comes after it.
        await grain.StopTimer("stopped");
        var ticks = Probe.Count("stopped ticked");

        await grain.StartTimer("other");
        for (var i = 0; i < 10; i++) await Probe.Next("other ticked");
        Assert.Equal(ticks, Probe.Count("stopped ticked"));
    }

    [Fact]
    public async Task AfterDeactivation_TheTimersOfTheActivationTickNoMore()
    {
        var grain = host.Grain<ITimerGrain>("leaves");
        var first = await grain.StartTimer("old");
        await Probe.Next("old ticked");

        await grain.Leave();
        await Probe.Next("leaves deactivated");
        var ticks = Probe.Count("old ticked");

        var second = await grain.StartTimer("new");
        Assert.NotEqual(first, second);
        for (var i = 0; i < 10; i++) Assert.Equal(second, await Probe.Next("new ticked"));
        Assert.Equal(ticks, Probe.Count("old ticked"));
    }

    [Fact]
    public async Task AClockOfGrains_IsTheirsAndThatOfTheirTimers_AndCanSeeWhoseTimerItMakes()
    {
        var special = await EngineHost.Start(static silo => silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, static (services, _) => new ObservedClock(services)));
        await special.Grain<IClockGrain>("clock").StartTimer();

        Assert.IsType<ObservedClock>(await special.Probe.Next("the clock of the grain"));
        await special.Probe.Next("a timer was made for ClockGrain");
        await special.Probe.Next("ClockGrain ticked");
        await special.DisposeAsync();
    }

    [Fact]
    public async Task WithoutAClockOfGrains_TheyHaveThatOfTheProcess()
    {
        await host.Grain<IClockGrain>("clock").StartTimer();

        Assert.Same(TimeProvider.System, await Probe.Next("the clock of the grain"));
    }
}
