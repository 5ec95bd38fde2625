using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>When silences hold, and for what. Pure.</summary>
public static class SilenceWindows
{
    /// <summary>Longest window that comes again.</summary>
    public static readonly TimeSpan MaxLength = TimeSpan.FromDays(7);

    /// <summary>Days that are looked through for the next window: one that begins on a day of the week comes within a week.</summary>
    private const int DaysAhead = 8;

    // A window of a week that began a week ago may still run.
    private const int DaysBack = 9;

    /// <summary>Whether a silence is for an alert, at whatever time.</summary>
    public static bool IsFor(this Silence silence, long hostId, string? group, ImmutableArray<string> tags, long ruleId) =>
        (silence.Hosts.IsEmpty || silence.Hosts.Contains(hostId))
        && (silence.Groups.IsEmpty || (group is not null && silence.Groups.Contains(group, StringComparer.OrdinalIgnoreCase)))
        && (silence.Tags.IsEmpty || silence.Tags.Any(tag => tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
        && (silence.Rules.IsEmpty || silence.Rules.Contains(ruleId));

    /// <summary>Until when a silence that holds does so; null if it does not hold. One without an end holds until the end of time.</summary>
    public static DateTimeOffset? HoldsUntil(this Silence silence, DateTimeOffset now)
    {
        if (now < silence.From || now >= silence.To) return null;
        var end = silence.To ?? DateTimeOffset.MaxValue;
        if (silence.Recurrence is not { } recurrence) return end;

        // Windows may overlap: then it holds until the last of them is over.
        DateTimeOffset? until = null;
        foreach (var begin in Begins(recurrence, now.AddDays(-DaysBack), DaysBack + DaysAhead + 1))
        {
            var reach = until ?? now;
            if (begin <= reach && begin + recurrence.Length > reach) until = begin + recurrence.Length;
        }

        return until < end ? until : until is null ? null : end;
    }

    /// <summary>When it begins to hold next after a time, or null if it never does.</summary>
    public static DateTimeOffset? NextAfter(this Silence silence, DateTimeOffset now)
    {
        if (silence.Recurrence is not { } recurrence) return silence.From > now ? silence.From : null;

        var after = silence.From > now ? silence.From : now;
        // A window that runs when the silence begins is cut.
        if (silence.From > now && silence.HoldsUntil(silence.From) is not null) return silence.From;
        var next = Begins(recurrence, after.AddDays(-1), DaysAhead + 2).Where(begin => begin > after).Select(begin => (DateTimeOffset?)begin).FirstOrDefault();
        return next < (silence.To ?? DateTimeOffset.MaxValue) ? next : null;
    }

    /// <summary>Whether it will hold no more.</summary>
    public static bool IsOver(this Silence silence, DateTimeOffset now) => silence.To <= now;

    /// <summary>The time zone of an IANA name, or null if this machine knows none.</summary>
    public static TimeZoneInfo? ZoneOf(string name)
    {
        // Other spellings exist on some machines only.
        if (name.Length is 0 or > 64 || name.Contains("..", StringComparison.Ordinal)) return null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    private static IEnumerable<DateTimeOffset> Begins(Recurrence recurrence, DateTimeOffset from, int days)
    {
        // A zone that was known when the silence was made may be gone from a machine it moved to.
        var zone = ZoneOf(recurrence.TimeZone) ?? TimeZoneInfo.Utc;
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime);
        for (var day = 0; day < days; day++)
        {
            var date = first.AddDays(day);
            if (recurrence.Days.IsEmpty || recurrence.Days.Contains(date.DayOfWeek)) yield return InstantOf(date.ToDateTime(recurrence.Start), zone);
        }
    }

    /// <summary>A clock time as a moment: of one that comes twice the first, and of one that the clock skips when it goes on.</summary>
    private static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
            while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
