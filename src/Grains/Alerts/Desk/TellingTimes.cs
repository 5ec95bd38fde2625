using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What is to be told of an incident that goes on and that nobody has taken up.</summary>
/// <param name="Repeat">Whether it is told again.</param>
/// <param name="Escalate">The channels it is escalated to; empty if it is not.</param>
/// <param name="Step">Escalation steps that are taken then.</param>
/// <param name="NextAt">When to look again; <see cref="DateTimeOffset.MaxValue"/> is never.</param>
internal sealed record TellingAgain(bool Repeat, ImmutableArray<long> Escalate, int Step, DateTimeOffset NextAt);

/// <summary>
/// When an incident is told again and escalated. Everything follows from when it began and what is stored of it, so a restart changes no time; what was
/// missed meanwhile is made up for once. Pure.
/// </summary>
internal static class TellingTimes
{
    /// <summary>When to look first at an incident that is told of now.</summary>
    public static DateTimeOffset First(DateTimeOffset openedAt, TimeSpan repeat, ImmutableArray<Escalation> escalations, DateTimeOffset now) => Next(openedAt, repeat, escalations, 0, now, isTold: true);

    /// <summary>What is due at an incident whose time to look has come.</summary>
    /// <param name="openedAt">When it began.</param>
    /// <param name="lookAt">When it was to be looked at.</param>
    /// <param name="repeat">How often it is told again; zero is never.</param>
    /// <param name="escalations">By time.</param>
    /// <param name="step">Steps that were taken.</param>
    /// <param name="now">The time.</param>
    public static TellingAgain Due(DateTimeOffset openedAt, DateTimeOffset lookAt, TimeSpan repeat, ImmutableArray<Escalation> escalations, int step, DateTimeOffset now)
    {
        // The times of repeating are its beginning and so many intervals: one of them lies between when it was to be looked at and now.
        var isRepeat = repeat > TimeSpan.Zero && (now - openedAt).Ticks / repeat.Ticks > (lookAt - openedAt - TimeSpan.FromMilliseconds(1)).Ticks / repeat.Ticks;
        var channels = new List<long>();
        while (step < escalations.Length && openedAt + escalations[step].After <= now) channels.AddRange(escalations[step++].Channels);
        return new TellingAgain(isRepeat, [.. channels.Distinct()], step, Next(openedAt, repeat, escalations, step, now, isRepeat));
    }

    private static DateTimeOffset Next(DateTimeOffset openedAt, TimeSpan repeat, ImmutableArray<Escalation> escalations, int step, DateTimeOffset now, bool isTold)
    {
        var next = DateTimeOffset.MaxValue;
        if (step < escalations.Length) next = openedAt + escalations[step].After;
        if (repeat > TimeSpan.Zero)
        {
            // Not right after it was told, which may have been late.
            var from = now - openedAt + (isTold ? repeat / 2 : TimeSpan.Zero);
            var intervals = Math.Max(1, (from.Ticks / repeat.Ticks) + 1);
            var again = openedAt + (repeat * intervals);
            if (again < next) next = again;
        }

        return next > now || next == DateTimeOffset.MaxValue ? next : now;
    }
}
