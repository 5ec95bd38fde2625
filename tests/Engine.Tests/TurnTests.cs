using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>Which calls of one grain may overlap.</summary>
public sealed class TurnTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task ConcurrentCalls_NeverOverlap()
    {
        var grain = host.Grain<ITurnGrain>("counts");

        var counts = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Task.Run(grain.CountSlowly))).Soon("300 calls");

        Assert.Equal(Enumerable.Range(1, 300), counts.Order());
    }

    [Fact]
    public async Task CodeAfterAnAwait_RunsInTheActivation()
        => Assert.True(await host.Grain<ITurnGrain>("awaits").StaysInItsActivation());

    [Fact]
    public async Task WhileACallAwaits_AnotherIsHeldBack()
    {
        await AssertHeldBack(host.Grain<ITurnGrain>("plain"), static (grain, name) => grain.Write(name), static (grain, name) => grain.Write(name));
    }

    [Fact]
    public async Task WhileACallAwaits_AnAlwaysInterleavingOneRuns()
    {
        await AssertLetIn(host.Grain<ITurnGrain>("interleaves"), static (grain, name) => grain.Write(name), static (grain, name) => grain.Interleave(name));
    }

    [Fact]
    public async Task WhileAnAlwaysInterleavingCallAwaits_APlainOneRuns()
    {
        await AssertLetIn(host.Grain<ITurnGrain>("interleaved"), static (grain, name) => grain.Interleave(name), static (grain, name) => grain.Write(name));
    }

    [Fact]
    public async Task InAReentrantGrain_PlainCallsOverlap()
    {
        await AssertLetIn(host.Client.GetGrain<IReentrantTurnGrain>("reentrant"), static (grain, name) => grain.Write(name), static (grain, name) => grain.Write(name));
    }

    [Fact]
    public async Task InAReentrantGrain_TurnsDoNotOverlap()
    {
        var grain = host.Client.GetGrain<IReentrantTurnGrain>("one thread at a time");

        var seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(grain.SeesAnotherTurn))).Soon("50 calls");

        Assert.DoesNotContain(true, seen);
    }

    [Fact]
    public async Task ReadOnlyCalls_Overlap()
    {
        await AssertLetIn(host.Grain<ITurnGrain>("reads"), static (grain, name) => grain.Read(name), static (grain, name) => grain.Read(name));
    }

    [Fact]
    public async Task WhileAReadOnlyCallAwaits_APlainOneIsHeldBack()
    {
        await AssertHeldBack(host.Grain<ITurnGrain>("read, write"), static (grain, name) => grain.Read(name), static (grain, name) => grain.Write(name));
    }

    [Fact]
    public async Task WhileAPlainCallAwaits_AReadOnlyOneIsHeldBack()
    {
        await AssertHeldBack(host.Grain<ITurnGrain>("write, read"), static (grain, name) => grain.Write(name), static (grain, name) => grain.Read(name));
    }

    private async Task AssertLetIn(ITurnGrain grain, Func<ITurnGrain, string, Task> first, Func<ITurnGrain, string, Task> second)
    {
        var (one, two) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var running = first(grain, one);
        await Probe.Next($"{one} entered");

        var overlapping = second(grain, two);
        await Probe.Next($"{two} entered");

        Assert.Equal(0, Probe.Count($"{one} left"));
        Probe.Open(one);
        Probe.Open(two);
        await Task.WhenAll(running, overlapping).Soon("both calls");
    }

    private async Task AssertHeldBack(ITurnGrain grain, Func<ITurnGrain, string, Task> first, Func<ITurnGrain, string, Task> second)
    {
        var (one, two) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var running = first(grain, one);
        await Probe.Next($"{one} entered");

        var waiting = second(grain, two);
        await grain.Fence().Soon("the fence");
        Assert.Equal(0, Probe.Count($"{two} entered"));

        Probe.Open(one);
        await Probe.Next($"{two} entered");
        Assert.Equal(1, Probe.Count($"{one} left"));
        Probe.Open(two);
        await Task.WhenAll(running, waiting).Soon("both calls");
    }
}
