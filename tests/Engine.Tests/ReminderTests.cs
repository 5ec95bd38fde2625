using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>Reminders, over a table that outlives the host.</summary>
public sealed class ReminderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly SharedReminderTable _table = new();

    [Fact]
    public async Task AReminder_TicksAgainAndAgain()
    {
        var host = await Start();
        await host.Grain<IReminderGrain>("ticks").Register("beat", TimeSpan.Zero, Second);

        Assert.Equal(("beat", Second), await host.Probe.Next("ticks reminded"));
        await host.Probe.Next("ticks reminded");
        await host.DisposeAsync();
    }

    [Fact]
    public async Task AfterARestart_TheReminderTicksAgain_AndActivatesItsGrain()
    {
        var before = await Start();
        await before.Grain<IReminderGrain>("restarts").Register("survivor", Second, Second);
        await before.DisposeAsync();

        var after = await Start();

        Assert.Equal(("survivor", Second), await after.Probe.Next("restarts reminded"));
        await after.DisposeAsync();
    }

    [Fact]
    public async Task AReminderThatIsRegisteredAgain_HasItsNewPeriod()
    {
        var host = await Start();
        var grain = host.Grain<IReminderGrain>("updates");
        await grain.Register("beat", Hour, Hour);
        await grain.Register("beat", TimeSpan.Zero, 2 * Second);

        Assert.Equal(("beat", 2 * Second), await host.Probe.Next("updates reminded"));
        Assert.Equal(1, _table.Count);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task AReminderThatWasTakenAway_IsGoneFromTheTable_AndTicksNoMore()
    {
        var host = await Start();
        var grain = host.Grain<IReminderGrain>("gone");
        await grain.Register("beat", TimeSpan.Zero, Second);
        await host.Probe.Next("gone reminded");

        Assert.True(await grain.Unregister("beat"));

        Assert.False(await grain.IsRegistered("beat"));
        Assert.Equal(0, _table.Count);

        // A tick may have been on its way; another grain's ticks measure the time for more of them.
        await host.Grain<IReminderGrain>("metronome").Register("beat", TimeSpan.Zero, Second);
        await host.Probe.Next("metronome reminded");
        var ticks = host.Probe.Count("gone reminded");
        for (var i = 0; i < 2; i++) await host.Probe.Next("metronome reminded");
        Assert.Equal(ticks, host.Probe.Count("gone reminded"));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task AReminderThatWasTakenAwayOrPutOffBeforeItsTick_DoesNotTickThen()
    {
        var host = await Start();
        await host.Grain<IReminderGrain>("taken away").Register("beat", 2 * Second, Hour);
        await host.Grain<IReminderGrain>("taken away").Unregister("beat");
        await host.Grain<IReminderGrain>("put off").Register("beat", 2 * Second, Hour);
        await host.Grain<IReminderGrain>("put off").Register("beat", Hour, Hour);

        await host.Grain<IReminderGrain>("metronome").Register("beat", TimeSpan.Zero, Second);
        for (var i = 0; i < 5; i++) await host.Probe.Next("metronome reminded");

        Assert.Equal(0, host.Probe.Count("taken away reminded"));
        Assert.Equal(0, host.Probe.Count("put off reminded"));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task APeriodBelowTheMinimum_IsRefused()
    {
        var host = await Start();

        await Assert.ThrowsAsync<ArgumentException>(() => host.Grain<IReminderGrain>("hasty").Register("beat", Hour, Second / 2));

        Assert.Equal(0, _table.Count);
        await host.DisposeAsync();
    }

    private Task<EngineHost> Start() => EngineHost.Start(silo =>
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable>(_table);
        silo.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = Second);
    });
}
