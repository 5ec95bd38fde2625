using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>Objects that are no grains, called by grains.</summary>
public sealed class ObserverTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task Calls_ComeInOrder_OneAtATime()
    {
        var listener = new Listener(Probe, "ordered");
        var speaker = host.Grain<ISpeakerGrain>("order");
        await speaker.Add(host.Client.CreateObjectReference<IListener>(listener));

        await speaker.Speak(0, 200).Soon("speaking");

        for (var i = 0; i < 200; i++) Assert.Equal(i, await Probe.Next("ordered"));
        Assert.Equal(1, listener.MostAtOnce);
    }

    [Fact]
    public async Task AReference_IsEqualToItself_WhenItComesAgain()
    {
        var (first, second) = (new Listener(Probe, "first"), new Listener(Probe, "second"));
        var reference = host.Client.CreateObjectReference<IListener>(first);
        var speaker = host.Grain<ISpeakerGrain>("equality");

        Assert.Equal(1, await speaker.Add(reference));
        Assert.Equal(1, await speaker.Add(reference));
        Assert.Equal(2, await speaker.Add(host.Client.CreateObjectReference<IListener>(second)));
        Assert.True(await speaker.Remove(reference));
        GC.KeepAlive((first, second));
    }

    [Fact]
    public async Task AnObjectThatThrows_DoesNotFailTheGrain_AndHearsTheNext()
    {
        var listener = new Listener(Probe, "thrower") { ThrowsAt = 1 };
        var speaker = host.Grain<ISpeakerGrain>("throwing");
        await speaker.Add(host.Client.CreateObjectReference<IListener>(listener));

        await speaker.Speak(0, 3).Soon("speaking");

        Assert.Equal(0, await Probe.Next("thrower"));
        Assert.Equal(2, await Probe.Next("thrower"));
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task AfterItsReferenceWasDeleted_AnObjectHearsNothing_AndTheGrainDoesNotFail()
    {
        var (left, stayed) = (new Listener(Probe, "left"), new Listener(Probe, "stayed"));
        var reference = host.Client.CreateObjectReference<IListener>(left);
        var speaker = host.Grain<ISpeakerGrain>("deletion");
        await speaker.Add(reference);
        await speaker.Add(host.Client.CreateObjectReference<IListener>(stayed));
        await speaker.Speak(1, 1).Soon("speaking");
        Assert.Equal(1, await Probe.Next("left"));

        host.Client.DeleteObjectReference<IListener>(reference);
        await speaker.Speak(2, 1).Soon("speaking after the deletion");

        Assert.Equal(1, await Probe.Next("stayed"));
        Assert.Equal(2, await Probe.Next("stayed"));
        Assert.Equal(1, Probe.Count("left"));
        GC.KeepAlive((left, stayed));
    }

    private sealed class Listener(Probe probe, string name) : IListener
    {
        private int _inside;

        public int ThrowsAt { get; init; } = -1;

        public int MostAtOnce { get; private set; }

        public async Task Hear(int number)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
            await Task.Yield();
            Interlocked.Decrement(ref _inside);
            if (number == ThrowsAt) throw new InvalidOperationException("The test wants it.");
            probe.Tell(name, number);
        }
    }
}
