using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

public sealed class SilenceWindowsTests
{
    private static readonly Recurrence Nights = new([], new TimeOnly(22, 0), TimeSpan.FromHours(8), "UTC");

    [Fact]
    public void OnceOnly_ItHoldsFromItsBeginToItsEnd()
    {
        var silence = new Silence { From = Noon, To = Noon.AddHours(1) };

        Assert.Null(silence.HoldsUntil(Noon.AddTicks(-1)));
        Assert.Equal(Noon.AddHours(1), silence.HoldsUntil(Noon));
        Assert.Null(silence.HoldsUntil(Noon.AddHours(1)));
        Assert.Equal(Noon, silence.NextAfter(Noon.AddDays(-1)));
        Assert.Null(silence.NextAfter(Noon));
        Assert.False(silence.IsOver(Noon.AddMinutes(59)));
        Assert.True(silence.IsOver(Noon.AddHours(1)));
    }

    [Fact]
    public void EveryNight_ItHoldsAcrossMidnight()
    {
        var silence = new Silence { Recurrence = Nights };
        var evening = new DateTimeOffset(2026, 6, 1, 22, 0, 0, TimeSpan.Zero);

        Assert.Null(silence.HoldsUntil(evening.AddSeconds(-1)));
        Assert.Equal(evening.AddHours(8), silence.HoldsUntil(evening));
        Assert.Equal(evening.AddHours(8), silence.HoldsUntil(evening.AddHours(7.99)));
        Assert.Null(silence.HoldsUntil(evening.AddHours(8)));
        Assert.Equal(evening, silence.NextAfter(Noon));
        Assert.Equal(evening.AddDays(1), silence.NextAfter(evening));
    }

    [Fact]
    public void OnCertainDays_TheDayIsThatOfItsZone()
    {
        // Monday evening in New York is Tuesday in UTC.
        var silence = new Silence { Recurrence = new Recurrence([DayOfWeek.Monday], new TimeOnly(21, 0), TimeSpan.FromHours(2), "America/New_York") };
        var begin = new DateTimeOffset(2026, 6, 2, 1, 0, 0, TimeSpan.Zero);

        Assert.Equal(begin.AddHours(2), silence.HoldsUntil(begin));
        Assert.Null(silence.HoldsUntil(begin.AddDays(1)));
        Assert.Equal(begin.AddDays(7), silence.NextAfter(begin));
    }

    [Fact]
    public void OneOfAWeek_HoldsWithoutAGap()
    {
        var silence = new Silence { Recurrence = new Recurrence([DayOfWeek.Monday], new TimeOnly(0, 0), SilenceWindows.MaxLength, "UTC") };

        for (var hour = 0; hour < 24 * 15; hour++) Assert.NotNull(silence.HoldsUntil(Noon.AddHours(hour)));
    }

    [Fact]
    public void WindowsThatOverlap_HoldUntilTheLastOfThem()
    {
        var silence = new Silence { Recurrence = new Recurrence([DayOfWeek.Monday, DayOfWeek.Tuesday], new TimeOnly(12, 0), TimeSpan.FromHours(30), "UTC") };

        Assert.Equal(Noon.AddDays(1).AddHours(30), silence.HoldsUntil(Noon));
    }

    [Fact]
    public void WithinItsBounds_WindowsAreCut()
    {
        var silence = new Silence { From = Noon.AddHours(14), To = Noon.AddHours(15), Recurrence = Nights };

        Assert.Null(silence.HoldsUntil(Noon.AddHours(13)));
        Assert.Equal(Noon.AddHours(15), silence.HoldsUntil(Noon.AddHours(14)));
        Assert.Null(silence.HoldsUntil(Noon.AddHours(15)));
        Assert.Equal(Noon.AddHours(14), silence.NextAfter(Noon));
        Assert.Null(silence.NextAfter(Noon.AddHours(14)));
    }

    [Fact]
    public void WhenTheClockSkipsItsBegin_ItHoldsFromWhereTheClockGoesOn()
    {
        // On 29 March 2026 Berlin goes from 02:00 to 03:00, which is 01:00 UTC.
        var silence = new Silence { Recurrence = new Recurrence([], new TimeOnly(2, 30), TimeSpan.FromHours(1), "Europe/Berlin") };
        var skipped = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

        Assert.Null(silence.HoldsUntil(skipped.AddSeconds(-1)));
        Assert.Equal(skipped.AddHours(1), silence.HoldsUntil(skipped));
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 0, 30, 0, TimeSpan.Zero), silence.NextAfter(skipped));
    }

    [Fact]
    public void WhenItsBeginComesTwice_ItHoldsFromTheFirst_AndOnlyOnce()
    {
        // On 25 October 2026 Berlin goes from 03:00 back to 02:00: 02:30 is 00:30 and 01:30 UTC.
        var silence = new Silence { Recurrence = new Recurrence([], new TimeOnly(2, 30), TimeSpan.FromMinutes(30), "Europe/Berlin") };
        var first = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);

        Assert.Null(silence.HoldsUntil(first.AddSeconds(-1)));
        Assert.Equal(first.AddMinutes(30), silence.HoldsUntil(first));
        Assert.Null(silence.HoldsUntil(first.AddHours(1)));
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 1, 30, 0, TimeSpan.Zero), silence.NextAfter(first));
    }

    [Fact]
    public void AcrossAChangeOfTheClock_ItLastsAsLongAsEver()
    {
        var silence = new Silence { Recurrence = new Recurrence([], new TimeOnly(22, 0), TimeSpan.FromHours(8), "Europe/Berlin") };
        var evening = new DateTimeOffset(2026, 3, 28, 21, 0, 0, TimeSpan.Zero);

        Assert.Equal(evening.AddHours(8), silence.HoldsUntil(evening));
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("", false)]
    [InlineData("../../etc/passwd", false)]
    public void Zones_AreThoseTheMachineKnows(string name, bool isKnown) => Assert.Equal(isKnown, SilenceWindows.ZoneOf(name) is not null);

    [Theory]
    [InlineData(1, "Berlin", "web", 2, true)]
    [InlineData(9, "Berlin", "web", 2, false)]
    [InlineData(1, "Oslo", "web", 2, false)]
    [InlineData(1, null, "web", 2, false)]
    [InlineData(1, "berlin", "WEB", 2, true)]
    [InlineData(1, "Berlin", "db", 2, false)]
    [InlineData(1, "Berlin", "web", 3, false)]
    public void WhatItIsFor_AllOfItMustFit(long host, string? group, string tag, long rule, bool isFor) =>
        Assert.Equal(isFor, new Silence { Hosts = [1, 5], Groups = ["Berlin"], Tags = ["web"], Rules = [2] }.IsFor(host, group, [tag], rule));

    [Fact]
    public void WhatItDoesNotName_MatchesAll() => Assert.True(new Silence().IsFor(7, null, [], 3));

    /// <summary>The table remembers when it has to look again; that must show nowhere.</summary>
    [Fact]
    public void TheTable_SaysWhatTheSilencesSay()
    {
        Silence[] silences =
        [
            new() { Id = 1, From = Noon.AddHours(3), To = Noon.AddHours(30) },
            new() { Id = 2, Recurrence = new Recurrence([DayOfWeek.Tuesday], new TimeOnly(2, 30), TimeSpan.FromHours(3), "Europe/Berlin"), Hosts = [1] },
            new() { Id = 3, Recurrence = Nights, Rules = [2] },
        ];
        var table = new SilenceTable([.. silences]);
        for (var at = Noon.AddDays(-2); at < Noon.AddDays(10); at = at.AddMinutes(17))
        {
            var expected = silences.Where(silence => silence.IsFor(1, null, [], 2)).Select(silence => silence.HoldsUntil(at)).Max();
            Assert.Equal(expected, table.HeldUntil(at, 1, null, [], 2));
            Assert.Equal(silences[0].HoldsUntil(at), table.HeldUntil(at, 2, null, [], 3));
        }
    }
}
