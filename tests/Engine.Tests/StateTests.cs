using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>A grain's stored state, and what happens when somebody else writes it.</summary>
public sealed class StateTests(EngineHost host) : IClassFixture<EngineHost>
{
    [Fact]
    public async Task BeforeAnythingIsStored_TheStateIsNew()
    {
        var grain = host.Grain<IStateGrain>("new");

        Assert.Equal(0, await grain.Get());
        Assert.False(await grain.IsStored());
    }

    [Fact]
    public async Task TheNextActivation_HasWhatWasStored_AndNotWhatWasNot()
    {
        var grain = host.Grain<IStateGrain>("kept");
        await grain.Set(41);
        await grain.SetWithoutStoring(42);
        await grain.Leave();
        await host.Probe.Next("kept deactivated");

        Assert.Equal(41, await grain.Get());
        Assert.True(await grain.IsStored());
    }

    [Fact]
    public async Task WhatWasCleared_IsNew()
    {
        var grain = host.Grain<IStateGrain>("cleared");
        await grain.Set(41);
        await grain.Clear();

        Assert.Equal(0, await grain.Get());
        Assert.False(await grain.IsStored());
        await grain.Set(5);
        Assert.Equal(5, await Stored(grain));
    }

    [Fact]
    public async Task AStaleWrite_Throws_StoresNothing_AndEndsTheActivation()
    {
        var grain = host.Grain<IStateGrain>("stale");
        await grain.Set(1);
        var first = await grain.Activation();
        await WriteBehind(grain, 100);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Set(2));

        await host.Probe.Next("stale deactivated");
        Assert.Equal(100, await Stored(grain));
        Assert.Equal(100, await grain.Get());
        Assert.NotEqual(first, await grain.Activation());
        await grain.Set(101);
        Assert.Equal(101, await Stored(grain));
    }

    [Fact]
    public async Task AStaleWriteThatTheGrainCatches_DoesNotEndTheActivation()
    {
        var grain = host.Grain<IStateGrain>("caught");
        await grain.Set(1);
        var first = await grain.Activation();
        await WriteBehind(grain, 100);

        Assert.False(await grain.TrySet(2));

        Assert.Equal(first, await grain.Activation());
        Assert.Equal(100, await Stored(grain));
    }

    private async Task<int> Stored(IStateGrain grain) => (await Read(grain)).State!.Value;

    private async Task WriteBehind(IStateGrain grain, int value)
    {
        var state = await Read(grain);
        state.State = new Tally { Value = value };
        await Storage.WriteStateAsync("tally", grain.GetGrainId(), state);
    }

    private async Task<GrainState<Tally>> Read(IStateGrain grain)
    {
        var state = new GrainState<Tally>();
        await Storage.ReadStateAsync("tally", grain.GetGrainId(), state);
        return state;
    }

    private IGrainStorage Storage => host.Services.GetRequiredKeyedService<IGrainStorage>("Default");
}
