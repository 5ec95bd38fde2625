using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What is kept of alerts while nobody takes them.</summary>
public sealed class AlertOutboxTests
{
    private readonly List<AlertTransition> _outbox = [];

    [Fact]
    public void WhatFits_Stays()
    {
        Fire(1, "a");
        Assert.Equal(_outbox, AlertOutbox.Trim([.. _outbox], 1));
    }

    [Fact]
    public void EvidenceGoesFirst_TheOldestFirst()
    {
        var incident = Fire(1, "a");
        Add(TransitionKind.Evidence, 1, "a", incident);
        Add(TransitionKind.DataLost, 1, "a", incident);
        Add(TransitionKind.Evidence, 1, "a", incident);

        Assert.Equal("1 3 4", Kept(3));
        Assert.Equal("1", Kept(1));
        Assert.Equal("1", Kept(0));
    }

    [Fact]
    public void WholeStoriesOfBefore_Go_ButTheNewestOfEachAlertStays()
    {
        for (var i = 0; i < 3; i++) Over(1, "a", Fire(1, "a"));
        Over(1, "b", Fire(1, "b"));
        Over(2, "a", Fire(2, "a"));

        Assert.Equal("3 4 5 6 7 8 9 10", Kept(9));
        Assert.Equal("5 6 7 8 9 10", Kept(0));
    }

    [Fact]
    public void WhatSomebodyKnowsOf_OrIsOpen_Stays()
    {
        // The beginning of the first was handed over already.
        Over(1, "a", "1-0");
        Fire(1, "a");

        Assert.Equal("1 2", Kept(0));
    }

    [Fact]
    public void ADampedStory_StaysWhole()
    {
        for (var i = 0; i < 3; i++) Over(1, "a", Fire(1, "a"));
        Add(TransitionKind.FlappingBegan, 1, "a", "1-5");
        Assert.Equal("1 2 3 4 5 6 7", Kept(0));
    }

    [Fact]
    public void OfNotes_TheNewestOfEachAlertStays()
    {
        Add(TransitionKind.Classic, 1, null, "1-1");
        Add(TransitionKind.Classic, 2, null, "1-2");
        Add(TransitionKind.Classic, 1, null, "1-3");
        Add(TransitionKind.FoundLate, 1, "a", "1-4");
        Add(TransitionKind.FoundLate, 1, "a", "1-5");

        Assert.Equal("2 3 5", Kept(0));
    }

    private string Fire(long rule, string series)
    {
        Add(TransitionKind.Fired, rule, series, string.Create(CultureInfo.InvariantCulture, $"1-{_outbox.Count + 1}"));
        return _outbox[^1].Id;
    }

    private void Over(long rule, string series, string incident) => Add(TransitionKind.Resolved, rule, series, incident);

    private void Add(TransitionKind kind, long rule, string? series, string incident) => _outbox.Add(new AlertTransition
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"1-{_outbox.Count + 1}"),
        AccountId = 1,
        Kind = kind,
        At = DateTimeOffset.UnixEpoch,
        IncidentId = incident,
        HostId = 1,
        HostName = "web-1",
        Rule = new AlertRule { Id = rule, Name = "rule", Kind = AlertKind.Threshold },
        Series = series,
    });

    private string Kept(int max) => string.Join(' ', AlertOutbox.Trim([.. _outbox], max).Select(transition => transition.Id[2..]));
}
