using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

public sealed class RouteTableTests
{
    private static readonly AlertChannel[] Channels =
    [
        Channel(1),
        Channel(2),
        Channel(3) with { IsEnabled = false },
        Channel(4) with { IsClassic = true, Settings = ImmutableDictionary<string, string>.Empty.Add("chat", "17") },
    ];

    [Fact]
    public void WithoutRoutes_EverythingGoesEverywhere_ButToTheClassicOne()
    {
        var table = new RouteTable(AlertRouting.Default, [.. Channels]);

        Assert.Equal([1, 2], table.Of(AlertSeverity.Info, null, [], 1).Channels.AsEnumerable());
        Assert.Equal([1, 2], table.All.AsEnumerable());
        Assert.Equal(4, table.Classic);
    }

    [Fact]
    public void AClassicOneWithoutAChat_IsNone() => Assert.Null(new RouteTable(AlertRouting.Default, [Channel(4) with { IsClassic = true }]).Classic);

    [Fact]
    public void WhatNoRouteMatches_GoesNowhere() =>
        Assert.Empty(Of(AlertSeverity.Info, null, [], 1, Route(1) with { Severities = [AlertSeverity.Critical] }).Channels);

    [Fact]
    public void AllRoutesThatMatchCount_UpToOneThatIsTheLast()
    {
        var critical = Route(2) with { Severities = [AlertSeverity.Critical] };

        Assert.Equal([1, 2], Of(AlertSeverity.Critical, null, [], 1, critical, Route(1)).Channels.AsEnumerable());
        Assert.Equal([2], Of(AlertSeverity.Critical, null, [], 1, critical with { IsLast = true }, Route(1)).Channels.AsEnumerable());
        Assert.Equal([1], Of(AlertSeverity.Info, null, [], 1, critical with { IsLast = true }, Route(1)).Channels.AsEnumerable());
    }

    [Fact]
    public void ChannelsThatAreNotThereOrNotUsed_AreLeftOut() => Assert.Equal([1], Of(AlertSeverity.Info, null, [], 1, Route(1, 3, 4, 99, 1)).Channels.AsEnumerable());

    [Theory]
    [InlineData("Berlin", "web", 2, true)]
    [InlineData("BERLIN", "WEB", 2, true)]
    [InlineData("Oslo", "web", 2, false)]
    [InlineData(null, "web", 2, false)]
    [InlineData("Berlin", "db", 2, false)]
    [InlineData("Berlin", "web", 3, false)]
    public void ARoute_MatchesOnlyIfAllOfItDoes(string? group, string tag, long rule, bool isMatch)
    {
        var route = Route(1) with { Groups = ["Berlin"], Tags = ["web"], Rules = [2] };

        Assert.Equal(isMatch, !Of(AlertSeverity.Info, group, [tag], rule, route).Channels.IsEmpty);
    }

    [Fact]
    public void Escalations_OfAllRoutesThatMatch_AreInOrderOfTime()
    {
        var late = Route(1) with { Escalations = [new Escalation(TimeSpan.FromMinutes(30), [2, 3])] };
        var soon = Route(1) with { Escalations = [new Escalation(TimeSpan.FromMinutes(5), [1])] };

        var steps = Of(AlertSeverity.Info, null, [], 1, late, soon).Escalations;
        Assert.Equal([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)], steps.Select(step => step.After));
        Assert.Equal([2], steps[1].Channels.AsEnumerable());
    }

    [Fact]
    public void WithoutAChannel_NoRouteNamesIt_AndWhoWasOnlyEscalatedToItIsNot()
    {
        var routing = AlertRouting.Default with { Routes = [Route(1, 2) with { Escalations = [new Escalation(TimeSpan.FromMinutes(5), [2])] }] };

        var left = RouteTable.Without(routing, 2).Routes.Single();
        Assert.Equal([1], left.Channels.AsEnumerable());
        Assert.Empty(left.Escalations);
    }

    private static AlertDestinations Of(AlertSeverity severity, string? group, string[] tags, long rule, params AlertRoute[] routes) =>
        new RouteTable(AlertRouting.Default with { Routes = [.. routes] }, [.. Channels]).Of(severity, group, [.. tags], rule);

    private static AlertChannel Channel(long id) => new() { Id = id, Name = $"channel {id}", Kind = ChannelKind.Webhook };
}
