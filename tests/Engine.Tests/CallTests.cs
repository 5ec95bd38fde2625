using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>What passes between a caller and a grain.</summary>
public sealed class CallTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task ArgumentsAndResults_Arrive()
    {
        var grain = host.Grain<ICallGrain>("arguments");

        Assert.Equal(new Note("n", 7), await grain.Echo(new Note("n", 7)));
        Assert.Equal(12, await grain.Add(5, 7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnException_ReachesTheCallerWithItsType(bool later)
    {
        var grain = host.Grain<ICallGrain>("throws");

        var exception = await Assert.ThrowsAsync<NoteException>(() => later ? grain.ThrowLater("what happened") : grain.Throw("what happened"));

        Assert.Equal("what happened", exception.Message);
        Assert.Equal(new Note("still there", 1), await grain.Echo(new Note("still there", 1)));
    }

    [Fact]
    public async Task AOneWayCall_ReturnsBeforeTheGrainIsDone()
    {
        await host.Grain<ICallGrain>("one way").Begin("one way").Soon("the one-way call");

        await Probe.Next("one way waits");
        Assert.Equal(0, Probe.Count("one way went on"));
        Probe.Open("one way");
        await Probe.Next("one way went on");
    }

    [Fact]
    public async Task ACancellationToken_ReachesTheGrain()
    {
        using var cancellation = new CancellationTokenSource();
        var call = host.Grain<ICallGrain>("canceled").WaitForCancellation(cancellation.Token);
        await Probe.Next("waiting");

        await cancellation.CancelAsync();

        await Probe.Next("canceled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon("the canceled call"));
    }

    [Fact]
    public async Task ALateAnswer_IsATimeoutForTheCaller_AndTheGrainGoesOn()
    {
        var impatient = await EngineHost.StartWithResponseTimeout(TimeSpan.FromSeconds(1));
        var grain = impatient.Grain<ICallGrain>("late");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Wait("late").Soon("the late call"));

        impatient.Probe.Open("late");
        Assert.Equal(3, await grain.Add(1, 2).AsTask().Soon("the next call"));
        await impatient.DisposeAsync();
    }

    [Fact]
    public async Task AMethodWithATimeOfItsOwn_TimesOutByThat()
    {
        var grain = host.Grain<ICallGrain>("brief");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.WaitBriefly("brief").Soon("the call that may take a tenth of a second"));

        Probe.Open("brief");
        Assert.Equal(3, await grain.Add(1, 2).AsTask().Soon("the next call"));
    }

    [Fact]
    public async Task ACallChainThatComesBack_TimesOut()
    {
        var impatient = await EngineHost.StartWithResponseTimeout(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => impatient.Grain<ICallGrain>("here").ThereAndBack("there", allowReentrancy: false).Soon("the chain"));

        await impatient.DisposeAsync();
    }

    [Fact]
    public async Task ACallChainThatMayComeBack_ComesBack()
        => Assert.Equal(new Note("round", 1), await host.Grain<ICallGrain>("here").ThereAndBack("there", allowReentrancy: true).Soon("the chain"));

    [Fact]
    public async Task TheRequestContext_GoesWithTheCall()
    {
        RequestContext.Set("who", "me");
        try
        {
            Assert.Equal("me", await host.Grain<ICallGrain>("context").ReadContext("who"));
            Assert.Null(await host.Grain<ICallGrain>("context").ReadContext("other"));
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with/slash and+plus")]
    [InlineData("Ünïcode–☃")]
    public async Task ATextKey_IsTheGrains(string key) => Assert.Equal(key, await host.Client.GetGrain<ITextKeyGrain>(key).Key());

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task ANumberKey_IsTheGrains(long key) => Assert.Equal(key, await host.Client.GetGrain<INumberKeyGrain>(key).Key());

    [Fact]
    public async Task AGuidKey_IsTheGrains()
    {
        var key = Guid.NewGuid();

        Assert.Equal(key, await host.Client.GetGrain<IGuidKeyGrain>(key).Key());
    }

    [Fact]
    public void AReference_KnowsItsGrain()
    {
        var grain = host.Client.GetGrain<ITextKeyGrain>("abc");

        Assert.Equal("abc", grain.GetPrimaryKeyString());
        Assert.Equal(grain.GetGrainId(), GrainId.Parse(grain.GetGrainId().ToString()));
        Assert.Equal(grain, host.Client.GetGrain<ITextKeyGrain>("abc"));
        Assert.NotEqual(grain, host.Client.GetGrain<ITextKeyGrain>("abd"));
        Assert.Equal(5, host.Client.GetGrain<INumberKeyGrain>(5).GetPrimaryKeyLong());
    }
}
