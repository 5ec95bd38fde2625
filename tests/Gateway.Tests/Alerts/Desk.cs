using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>What hosts hand to the desks of a server, made up.</summary>
internal static class Desk
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly AlertRule Busy = new()
    {
        Id = 2, Name = "CPU busy", Kind = AlertKind.Threshold, Series = "cpu.percent", Condition = AlertCondition.AtOrAbove, Threshold = 90, ClearThreshold = 80, For = TimeSpan.FromMinutes(5),
    };

    public static IAlertDeskGrain DeskOf(this RunningServer server, long account) => server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertDeskGrain>(account);

    /// <summary>An alert of a host fires; whoever may see the host now, may see that.</summary>
    public static async Task<AlertTransition> FireAsync(this RunningServer server, long account, EnrolledHost host, int number, double minutes = 0, AlertRule? rule = null)
    {
        var people = await server.Services.GetRequiredService<IGrainFactory>().GetGrain<IHostGrain>(host.Id).GetPeople();
        var fired = new AlertTransition
        {
            Id = $"{host.Id}-{number}", AccountId = account, Kind = TransitionKind.Fired, At = Noon.AddMinutes(minutes), IncidentId = $"{host.Id}-{number}", HostId = host.Id, HostName = $"host-{host.Id}",
            People = people ?? HostPeople.Nobody, Rule = rule ?? Busy, Series = "cpu.percent", Value = 93.5, Peak = 93.5, IsOpen = true,
        };
        await server.DeskOf(account).Accept([fired]);
        return fired;
    }

    public static Task ResolveAsync(this RunningServer server, AlertTransition fired, double minutes) => server.DeskOf(fired.AccountId).Accept(
        [fired with { Id = $"{fired.Id}-end", Kind = TransitionKind.Resolved, At = Noon.AddMinutes(minutes), IsOpen = false, Value = 12 }]);

    public static Task SawAsync(this RunningServer server, AlertTransition fired, params ProcessSighting[] processes) => server.DeskOf(fired.AccountId).Accept(
        [fired with { Id = $"{fired.Id}-seen", Kind = TransitionKind.Evidence, Processes = [.. processes] }]);

    public static Task ShareAsync(this RunningServer server, EnrolledHost host, long account, HostAccess access) =>
        server.Services.GetRequiredService<IGrainFactory>().GetGrain<IHostGrain>(host.Id).Share(account, access);
}
