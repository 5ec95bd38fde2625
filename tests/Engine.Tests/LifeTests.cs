using Orleans.Configuration;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>How activations begin and end.</summary>
public sealed class LifeTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task AThousandFirstCalls_MakeOneActivation()
    {
        using var start = new ManualResetEventSlim();
        var calls = Enumerable.Range(0, 1_000).Select(_ => Task.Run(() =>
        {
            start.Wait();
            return host.Grain<ILifeGrain>("one").Activation();
        })).ToList();
        start.Set();

        var activations = await Task.WhenAll(calls).Soon("1,000 calls");

        Assert.Single(activations.Distinct());
        Assert.Equal(1, Probe.Count("one activated"));
    }

    [Fact]
    public async Task FirstCallsAtTheSameMoment_MakeOneActivation()
    {
        const int Callers = 2;
        const int Keys = 2_000;
        var calls = new Task<Guid>[Callers, Keys];
        var arrived = 0;
        var threads = Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            for (var key = 0; key < Keys; key++)
            {
                var grain = host.Grain<ILifeGrain>($"moment {key}");

                // Waiting awake: who must be woken comes too late to meet the other.
                Interlocked.Increment(ref arrived);
                while (Volatile.Read(ref arrived) < Callers * (key + 1)) Thread.SpinWait(1);
                calls[caller, key] = grain.Activation();
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());

        for (var key = 0; key < Keys; key++)
        {
            var first = await calls[0, key].Soon("a first call");
            for (var caller = 1; caller < Callers; caller++) Assert.Equal(first, await calls[caller, key].Soon("a first call"));
            Assert.Equal(1, Probe.Count($"moment {key} activated"));
        }
    }

    [Fact]
    public async Task AfterDeactivateOnIdle_TheCallEnds_AndTheNextGoesToANewActivation()
    {
        var grain = host.Grain<ILifeGrain>("leaves");
        var leaving = grain.Leave();
        await Probe.Next("leaves asked to leave");

        var next = grain.Activation();
        Assert.Equal(0, Probe.Count("leaves deactivated"));
        Probe.Open("leaves leaves");

        var first = await leaving.Soon("the call that left");
        Assert.Equal(DeactivationReasonCode.ApplicationRequested, await Probe.Next("leaves deactivated"));
        Assert.NotEqual(first, await next.Soon("the call that came meanwhile"));
        Assert.Equal(2, Probe.Count("leaves activated"));
    }

    [Fact]
    public async Task AnActivationThatNobodyUses_IsDeactivated()
    {
        var hasty = await EngineHost.Start(static silo => silo.Configure<GrainCollectionOptions>(static options =>
        {
            options.CollectionQuantum = TimeSpan.FromSeconds(1);
            options.CollectionAge = TimeSpan.FromSeconds(2);
        }));
        var grain = hasty.Grain<ILifeGrain>("idle");
        var first = await grain.Activation();

        Assert.Equal(DeactivationReasonCode.ActivationIdle, await hasty.Probe.Next("idle deactivated"));

        Assert.NotEqual(first, await grain.Activation());
        await hasty.DisposeAsync();
    }

    [Fact]
    public async Task AFailingActivation_FailsItsCallers_AndTheNextCallTriesAnew()
    {
        var grain = host.Grain<IBrokenGrain>("broken");
        var calls = Enumerable.Range(0, 5).Select(_ => grain.Hello()).ToList();

        foreach (var call in calls)
        {
            Assert.Equal("not today", (await Assert.ThrowsAsync<NoteException>(() => call.Soon("a call to a broken grain"))).Message);
        }

        Probe.Open("repaired");
        Assert.Equal("hello", await grain.Hello().Soon("a call to the repaired grain"));
    }

    [Fact]
    public async Task WhenTheHostStops_EveryGrainIsDeactivated()
    {
        var ending = await EngineHost.Start(static _ => { });
        var keys = Enumerable.Range(0, 50).Select(i => $"ends {i}").ToList();
        foreach (var key in keys) await ending.Grain<ILifeGrain>(key).Activation();

        await ending.Stop();

        Assert.All(keys, key => Assert.Equal(1, ending.Probe.Count($"{key} deactivated")));
        Assert.Equal(DeactivationReasonCode.ShuttingDown, await ending.Probe.Next("ends 0 deactivated"));
        await Assert.ThrowsAnyAsync<Exception>(() => ending.Grain<ILifeGrain>("too late").Activation().Soon("a call after the end"));
        await ending.DisposeAsync();
    }
}
