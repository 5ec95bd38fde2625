using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts;

/// <summary>A stretch of time in which an alert would have fired.</summary>
/// <param name="From">When it would have fired, Unix milliseconds.</param>
/// <param name="To">When it would have been over, or null if it still would.</param>
/// <param name="Peak">The worst value of it, or null.</param>
public readonly record struct AlertEpisode(long From, long? To, double? Peak);

/// <summary>What a rule would have made of values that are known: the very <see cref="AlertMachine"/> over them. Gaps between them are no news; what is told, damped or not, is the same stretch.</summary>
public static class Backtest
{
    /// <summary>The stretches in which a rule on a series would have fired, in order.</summary>
    /// <param name="rule">A rule that compares values. For a forecast, the values are those that its line had at the end of <see cref="AlertRule.Within"/>.</param>
    /// <param name="points">Values with their times, ascending.</param>
    public static ImmutableArray<AlertEpisode> Run(AlertRule rule, IEnumerable<(long At, double Value)> points)
    {
        var episodes = ImmutableArray.CreateBuilder<AlertEpisode>();
        var changes = new List<AlertChange>();
        var state = AlertState.Normal;
        foreach (var (at, value) in points)
        {
            var peak = state.Peak;
            state = AlertMachine.Observe(rule, state, value, at, changes);
            Take(episodes, changes, peak);
        }

        if (state.IsOpen) episodes[^1] = episodes[^1] with { Peak = state.Peak };
        return episodes.ToImmutable();
    }

    /// <summary>The same of a condition that is no value: each holds until the next is judged.</summary>
    /// <param name="rule">A rule of a host being offline, or started anew, or of a series without values.</param>
    /// <param name="judgments">Whether it was broken, with the times, ascending.</param>
    /// <param name="until">Until when the last one holds, Unix milliseconds.</param>
    public static ImmutableArray<AlertEpisode> RunJudged(AlertRule rule, IEnumerable<(long At, bool IsBroken)> judgments, long until)
    {
        var episodes = ImmutableArray.CreateBuilder<AlertEpisode>();
        var changes = new List<AlertChange>();
        var state = AlertState.Normal;
        foreach (var (at, isBroken) in judgments)
        {
            Pass(at);
            state = AlertMachine.Judge(rule, state, isBroken, at, changes);
            Take(episodes, changes, null);
        }

        Pass(until);
        return episodes.ToImmutable();

        void Pass(long at)
        {
            while (AlertMachine.DueAt(rule, state) is { } due && due <= at) state = AlertMachine.Tick(rule, state, due, changes);
            Take(episodes, changes, null);
        }
    }

    private static void Take(ImmutableArray<AlertEpisode>.Builder episodes, List<AlertChange> changes, double? peak)
    {
        foreach (var change in changes)
        {
            if (change.Kind is TransitionKind.Fired) episodes.Add(new AlertEpisode(change.At, null, change.Value));
            else if (change.Kind is TransitionKind.Classic) episodes.Add(new AlertEpisode(change.At, change.At, change.Value));
            else if (change.Kind is TransitionKind.Resolved) episodes[^1] = episodes[^1] with { To = change.At, Peak = peak };
        }

        changes.Clear();
    }
}
