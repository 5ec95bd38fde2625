using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

public sealed class PendingBoardTests
{
    private static readonly TimeSpan Window = AlertRouting.Default.GroupWindow;

    private readonly PendingBoard _board = new();

    [Fact]
    public void LostHosts_AreWaitedFor_AndBecomeOne()
    {
        _board.Add(Fired(1, 1, Offline), Noon);
        _board.Add(Fired(2, 1, Offline), Noon.AddSeconds(9));
        Assert.InRange(_board.NextAt, Noon.AddSeconds(9.9), Noon.AddSeconds(9.99));
        Assert.Empty(_board.TakeDue(Noon.AddSeconds(9.9)));

        Assert.Equal(["1-1", "2-1"], Ids(Assert.Single(_board.TakeDue(Noon + Window))));
        Assert.Equal((0, DateTimeOffset.MaxValue), (_board.Count, _board.NextAt));
    }

    [Fact]
    public void OfAnotherRule_TheFirstIsToldAtOnce_AndTheNextTogetherWhenTheWindowIsOver()
    {
        _board.Add(Fired(1, 1, Cpu), Noon);
        Assert.Equal(["1-1"], Ids(Assert.Single(_board.TakeDue(Noon))));

        _board.Add(Fired(2, 1, Cpu), Noon.AddSeconds(1));
        _board.Add(Fired(3, 1, Cpu), Noon.AddSeconds(8));
        Assert.Empty(_board.TakeDue(Noon.AddSeconds(9)));
        Assert.Equal(["2-1", "3-1"], Ids(Assert.Single(_board.TakeDue(Noon + Window))));

        // And again: a rule that fires everywhere is a message a window, not one a host.
        _board.Add(Fired(4, 1, Cpu), Noon.AddSeconds(11));
        Assert.Empty(_board.TakeDue(Noon.AddSeconds(19)));
        Assert.Single(_board.TakeDue(Noon + Window + Window));
        _board.Add(Fired(5, 1, Cpu), Noon.AddSeconds(31));
        Assert.Single(_board.TakeDue(Noon.AddSeconds(31)));
    }

    [Fact]
    public void OtherRulesAndOtherNews_HaveWindowsOfTheirOwn()
    {
        var fired = Fired(1, 1, Cpu);
        _board.Add(fired, Noon);
        _board.TakeDue(Noon);

        _board.Add(Fired(1, 2, Cpu with { Id = 9 }), Noon.AddSeconds(1));
        _board.Add(fired.Resolved(3), Noon.AddSeconds(1));

        Assert.Equal(2, _board.TakeDue(Noon.AddSeconds(1)).Count);
    }

    [Theory]
    [InlineData(Grouping.All, 1)]
    [InlineData(Grouping.Group, 2)]
    [InlineData(Grouping.Tag, 3)]
    [InlineData(Grouping.None, 4)]
    public void WhatIsPutTogether_TheRoutingSays(Grouping groupBy, int batches)
    {
        _board.Configure(new AlertRouting(groupBy, Window, []), SilenceTable.Empty, Noon);
        _board.Add(Fired(1, 1, Offline).In("Berlin", "web"), Noon);
        _board.Add(Fired(2, 1, Offline).In("Berlin", "db", "web"), Noon);
        _board.Add(Fired(3, 1, Offline).In("Oslo", "web"), Noon);
        _board.Add(Fired(4, 1, Offline).In("Oslo"), Noon);

        Assert.Equal(batches, _board.TakeDue(Noon + Window).Count);
        Assert.Equal(0, _board.Count);
    }

    [Fact]
    public void WhatIsPutTogetherNotAtAll_IsToldAtOnce()
    {
        _board.Configure(new AlertRouting(Grouping.None, Window, []), SilenceTable.Empty, Noon);
        _board.Add(Fired(1, 1, Offline), Noon);
        _board.Add(Fired(2, 1, Offline), Noon);

        Assert.Equal(2, _board.TakeDue(Noon).Count);
    }

    [Fact]
    public void WhatIsOverBeforeItWasTold_CancelsOut()
    {
        var fired = Fired(1, 1, Offline);
        _board.Add(fired, Noon);
        _board.Add(Fired(2, 1, Offline), Noon);
        _board.Add(fired.Resolved(2), Noon.AddSeconds(3));

        var dropped = Assert.Single(_board.TakeDue(Noon.AddSeconds(3)));
        Assert.Equal(PendingFate.Drop, dropped.Group.Fate);
        Assert.Equal(["1-1", "1-2"], Ids(dropped).Order());
        Assert.Equal(["2-1"], Ids(Assert.Single(_board.TakeDue(Noon + Window))));
    }

    [Fact]
    public void TheEndOfWhatWasTold_IsTold()
    {
        var fired = Fired(1, 1, Cpu);
        _board.Add(fired, Noon);
        _board.TakeDue(Noon);

        _board.Add(fired.Resolved(2), Noon.AddSeconds(1));
        var batch = Assert.Single(_board.TakeDue(Noon.AddSeconds(1)));
        Assert.Equal((PendingFate.Tell, MessageKind.Resolved), (batch.Group.Fate, batch.Group.Kind));
    }

    [Fact]
    public void ARepeat_ChangesNothing()
    {
        _board.Add(Fired(1, 1, Offline), Noon);
        _board.Add(Fired(1, 1, Offline), Noon.AddSeconds(1));

        Assert.Equal(1, _board.Count);
        Assert.Equal(["1-1"], Ids(Assert.Single(_board.TakeDue(Noon + Window))));
    }

    [Fact]
    public void WhatIsSilenced_IsKept_AndToldWhenTheSilenceEnds()
    {
        Silence(new Silence { Id = 1, Hosts = [1], To = Noon.AddHours(1) });
        _board.Add(Fired(1, 1, Cpu), Noon);
        _board.Add(Fired(2, 1, Cpu), Noon);

        Assert.Equal(["2-1"], Ids(Assert.Single(_board.TakeDue(Noon))));
        Assert.Equal((1, Noon.AddHours(1)), (_board.Held, _board.NextAt));
        Assert.Equal(["1-1"], Ids(Assert.Single(_board.TakeDue(Noon.AddHours(1)))));
    }

    [Fact]
    public void ASilenceThatIsTakenBack_HoldsNothingAnyMore()
    {
        Silence(new Silence { Id = 1, To = Noon.AddHours(1) });
        _board.Add(Fired(1, 1, Cpu), Noon);
        Assert.Empty(_board.TakeDue(Noon));

        Silence(at: Noon.AddMinutes(1));
        Assert.Single(_board.TakeDue(Noon.AddMinutes(1)));
    }

    [Fact]
    public void WhereOneSilenceEnds_AnotherGoesOn()
    {
        Silence(new Silence { Id = 1, To = Noon.AddHours(1) }, new Silence { Id = 2, From = Noon.AddMinutes(30), To = Noon.AddHours(2) });
        _board.Add(Fired(1, 1, Cpu), Noon);

        Assert.Empty(_board.TakeDue(Noon.AddHours(1)));
        Assert.Single(_board.TakeDue(Noon.AddHours(2)));
    }

    [Fact]
    public void WhatIsOverWithinASilence_IsNotTold()
    {
        Silence(new Silence { Id = 1, To = Noon.AddHours(1) });
        var fired = Fired(1, 1, Cpu);
        _board.Add(fired, Noon);
        _board.Add(fired.Resolved(2), Noon.AddMinutes(5));

        Assert.Equal(PendingFate.Drop, Assert.Single(_board.TakeDue(Noon.AddMinutes(5))).Group.Fate);
        Assert.Empty(_board.TakeDue(Noon.AddHours(1)));
    }

    [Fact]
    public void TheEndOfWhatWasToldBeforeASilence_IsToldAfterIt()
    {
        var fired = Fired(1, 1, Cpu);
        _board.Add(fired, Noon);
        _board.TakeDue(Noon);
        Silence(new Silence { Id = 1, To = Noon.AddHours(1) });
        _board.Add(fired.Resolved(2), Noon.AddMinutes(5));

        Assert.Empty(_board.TakeDue(Noon.AddMinutes(5)));
        Assert.Equal(MessageKind.Resolved, Assert.Single(_board.TakeDue(Noon.AddHours(1))).Group.Kind);
    }

    [Fact]
    public void AReboot_OfASilencedHost_IsOfNoMatterAfterwards()
    {
        Silence(new Silence { Id = 1, To = Noon.AddHours(1) });
        _board.Add(Fired(1, 1, Rebooted), Noon);

        Assert.Equal(PendingFate.Drop, Assert.Single(_board.TakeDue(Noon)).Group.Fate);
    }

    [Fact]
    public void Evidence_GoesWithWhatIsStillToBeTold_AndElseAmends()
    {
        var fired = Fired(1, 1, Offline);
        _board.Add(fired, Noon);
        _board.Add(fired.Then(TransitionKind.Evidence, 2), Noon.AddSeconds(1));
        Assert.Equal(["1-1", "1-2"], Ids(Assert.Single(_board.TakeDue(Noon + Window))));

        _board.Add(fired.Then(TransitionKind.Evidence, 3), Noon.AddMinutes(1));
        Assert.Equal(PendingFate.Amend, Assert.Single(_board.TakeDue(Noon.AddMinutes(1))).Group.Fate);
    }

    [Fact]
    public void EvidenceOfWhatCancelsOut_GoesWithIt()
    {
        var fired = Fired(1, 1, Offline);
        _board.Add(fired, Noon);
        _board.Add(fired.Then(TransitionKind.Evidence, 2), Noon);
        _board.Add(fired.Resolved(3), Noon);

        Assert.Equal(3, Assert.Single(_board.TakeDue(Noon)).Transitions.Length);
        Assert.Equal(0, _board.Count);
    }

    /// <summary>What people who heard of none of it need not be told.</summary>
    [Theory]
    [InlineData("F", "")]
    [InlineData("F R", "F R")]
    [InlineData("R", "")]
    [InlineData("B", "")]
    [InlineData("B e", "B")]
    [InlineData("B E", "B")]
    [InlineData("F B e", "F B e")]
    [InlineData("F B E", "F B")]
    [InlineData("R B e", "B e")]
    [InlineData("R B E", "B")]
    [InlineData("L D", "L D")]
    [InlineData("F L R", "F L R")]
    [InlineData("L R", "")]
    public void AChain_IsShortened(string chain, string untold)
    {
        var all = chain.Split(' ').Select((letter, i) => Fired(1, 1, Cpu) with
        {
            Id = letter,
            IncidentId = "1-1",
            At = Noon.AddSeconds(i),
            IsOpen = letter is not ("R" or "e"),
            Kind = letter switch
            {
                "F" => TransitionKind.Fired,
                "R" => TransitionKind.Resolved,
                "B" => TransitionKind.FlappingBegan,
                "E" or "e" => TransitionKind.FlappingEnded,
                "L" => TransitionKind.DataLost,
                _ => TransitionKind.DataBack,
            },
        }).ToList();

        Assert.Equal(untold.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), PendingBoard.Untold(all).Order());
    }

    [Fact]
    public void TenThousandHosts_AreOneBatch()
    {
        for (var host = 1; host <= 10_000; host++) _board.Add(Fired(host, 1, Offline), Noon.AddMilliseconds(host / 10));

        // A window is the time by which they are told: so many take a while to decide of and to store.
        Assert.Equal(Noon + (0.9 * Window), _board.NextAt);
        Assert.Equal(10_000, Assert.Single(_board.TakeDue(_board.NextAt)).Transitions.Length);
    }

    private static IEnumerable<string> Ids(PendingBatch batch) => batch.Transitions.Select(transition => transition.Id);

    private void Silence(params ImmutableArray<Silence> silences) => Silence(Noon, silences);

    private void Silence(DateTimeOffset at, params ImmutableArray<Silence> silences) => _board.Configure(AlertRouting.Default, new SilenceTable(silences), at);
}
