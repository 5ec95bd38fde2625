using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts;

/// <summary>The machine against <see cref="AlertReference"/>, over rules and arrivals of all sorts: gaps, repeats, samples that come late or out of order, restarts.</summary>
public sealed class AlertMachinePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1_500).WithEndSize(150);

    private static readonly Gen<TimeSpan> Durations = Gen.Elements(0, 0, 5, 30, 60, 300).Select(seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<AlertRule> Rules =
        from condition in Gen.Elements(Enum.GetValues<AlertCondition>())
        from clear in Gen.Choose(0, 3)
        from wait in Durations
        from keep in Durations
        from cooldown in Gen.Elements(0, 0, 60, 1_800)
        from missing in Gen.Elements(Enum.GetValues<MissingData>())
        let isUp = condition is AlertCondition.Above or AlertCondition.AtOrAbove
        select new AlertRule
        {
            Name = "rule", Kind = AlertKind.Threshold, Series = "a", Condition = condition, Threshold = 5, ClearThreshold = clear == 0 ? null : isUp ? 5 - clear : 5 + clear,
            For = wait, KeepFiringFor = keep, Cooldown = TimeSpan.FromSeconds(cooldown), MissingData = missing,
        };

    /// <summary>Steps in time: mostly the interval of an agent, some that fill a window of flapping, and gaps that end it; and back, for what comes late or again.</summary>
    private static readonly Gen<Moment[]> Arrivals =
        Gen.ArrayOf(Gen.Zip(
            Gen.Frequency((10, Gen.Choose(1, 6).Select(n => n * 5)), (4, Gen.Choose(60, 400)), (1, Gen.Choose(895, 905)), (1, Gen.Choose(1_000, 3_000)), (2, Gen.Choose(-60, 0))),
            Gen.Frequency((12, Gen.Choose(0, 10).Select(value => (double?)value)), (1, Gen.Constant<double?>(null)))))
        .Select(steps =>
        {
            var at = 1_000_000L;
            return steps.Select(step => new Moment(at += step.Item1 * 1_000L, step.Item2)).ToArray();
        });

    [Fact]
    public void WhateverArrives_IsToldAsTheReferenceTellsIt() =>
        ForAll((rule, arrivals) => Same(AlertReference.Changes(rule, InTime(arrivals)), Run(rule, arrivals)));

    /// <summary>Its state written and read between any two samples; what is idle forgotten.</summary>
    [Fact]
    public void RestartsBetweenAnyTwoSamples_ChangeNothing() =>
        ForAll((rule, arrivals) => Same(Run(rule, arrivals), Run(rule, arrivals, (state, at) => AlertMachine.IsIdle(rule, state, at) ? AlertState.Normal : Restored(state))));

    /// <summary>It is written only when more than the peak changes. A crash takes it back to what was written, and all samples since are evaluated again.</summary>
    [Fact]
    public void CrashesAtAnyMoment_LoseAndDoubleNothing() =>
        Prop.ForAll(Gen.Zip(Gen.Zip(Rules, Arrivals), Gen.ArrayOf(Gen.Choose(0, 9))).ToArbitrary(), input =>
        {
            var ((rule, arrivals), dice) = input;
            var moments = InTime(arrivals);
            var (stored, told, next) = (AlertState.Normal, new List<AlertChange>(), 0);
            var (live, crashes) = (stored, 0);
            for (var i = 0; i < moments.Count; i++)
            {
                var changes = new List<AlertChange>();
                var before = live;
                live = Feed(rule, live, moments[i], changes);
                if (before with { Peak = live.Peak } != live)
                {
                    (stored, next) = (live, i + 1);
                    told.AddRange(changes);
                }
                else if (changes.Count > 0)
                {
                    return false;
                }

                if (crashes < dice.Length && dice[crashes++] == 0) (live, i) = (Restored(stored), next - 1);
            }

            return Same(AlertReference.Changes(rule, moments), told);
        }).Check(Many);

    [Fact]
    public void FiredAndResolvedAlternate_AndEachThatIsTold_HasOneToldEnd() =>
        ForAll((rule, arrivals) =>
        {
            var changes = Run(rule, arrivals);
            var (isOpen, isKnown, isFlapping) = (false, false, false);
            foreach (var change in changes)
            {
                switch (change.Kind)
                {
                    case TransitionKind.Fired when isOpen || (change.IsTold && (isKnown || isFlapping)):
                    case TransitionKind.Resolved when !isOpen || (change.IsTold && (!isKnown || isFlapping)) || (!change.IsTold && isKnown && !isFlapping && !BeginsFlapping(change)):
                    case TransitionKind.FlappingBegan when isFlapping:
                    case TransitionKind.FlappingEnded when !isFlapping:
                        return false;
                    case TransitionKind.Fired:
                        (isOpen, isKnown) = (true, isKnown || change.IsTold);
                        break;
                    case TransitionKind.Resolved:
                        (isOpen, isKnown) = (false, isKnown && !change.IsTold);
                        break;
                    case TransitionKind.FlappingBegan:
                        isFlapping = true;
                        break;
                    case TransitionKind.FlappingEnded:
                        (isFlapping, isKnown) = (false, isOpen);
                        break;
                }
            }

            return true;

            bool BeginsFlapping(AlertChange change) => changes.Contains(new AlertChange(TransitionKind.FlappingBegan, change.At, change.Value, true));
        });

    /// <summary>A timer that is early, or where none is due, changes nothing; one that is on time does.</summary>
    [Fact]
    public void WhatIsDue_HappensThenAndNotSooner() =>
        ForAll((rule, arrivals) =>
        {
            var state = AlertState.Normal;
            foreach (var moment in InTime(arrivals))
            {
                state = Feed(rule, state, moment, []);
                if (!IsDueThen(rule, state, moment.At)) return false;
            }

            return true;
        });

    /// <summary>Conditions without a value, judged when they change and ticked when due, are as values that come every ten seconds.</summary>
    [Fact]
    public void JudgedConditions_AreAsValuesThatNeverStopComing()
    {
        var judgments = Gen.ArrayOf(Gen.Zip(Gen.Frequency((6, Gen.Choose(1, 20)), (1, Gen.Choose(85, 120))), Gen.Elements(true, false)));
        Prop.ForAll(Gen.Zip(Rules, judgments).ToArbitrary(), input =>
        {
            var rule = input.Item1 with
            {
                Kind = AlertKind.Offline, Series = null, Condition = AlertCondition.Above, Threshold = 0.5, ClearThreshold = null,
                For = Tens(input.Item1.For), KeepFiringFor = Tens(input.Item1.KeepFiringFor),
            };
            var (dense, changes, state, at) = (new List<Moment>(), new List<AlertChange>(), AlertState.Normal, 0L);
            foreach (var (steps, isBroken) in input.Item2)
            {
                state = AlertMachine.Judge(rule, state, isBroken, at, changes);
                for (var step = 0; step < steps; step++, at += 10_000)
                {
                    dense.Add(new Moment(at, isBroken ? 1 : 0));
                    while (AlertMachine.DueAt(rule, state) is { } due && due <= at) state = AlertMachine.Tick(rule, state, due, changes);
                    if (!IsDueThen(rule, state, at)) return false;
                }
            }

            var expected = AlertReference.Changes(rule with { Kind = AlertKind.Threshold }, dense);
            return Same(expected.Select(change => change with { Value = null }), changes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(40));

        static TimeSpan Tens(TimeSpan span) => TimeSpan.FromSeconds(Math.Round(span.TotalSeconds / 10) * 10);
    }

    [Fact]
    public void Episodes_AreWhatTheReferenceFires() =>
        ForAll((rule, arrivals) =>
        {
            var points = InTime(arrivals).Where(moment => moment.Value is not null).ToList();
            var turns = AlertReference.Changes(rule, points).Where(change => change.Kind is TransitionKind.Fired or TransitionKind.Resolved).ToList();
            var episodes = Backtest.Run(rule, points.Select(point => (point.At, point.Value!.Value)));
            return episodes.SelectMany(episode => episode.To is { } to ? [episode.From, to] : new[] { episode.From }).SequenceEqual(turns.Select(turn => turn.At));
        });

    private static void ForAll(Func<AlertRule, Moment[], bool> holds) => Prop.ForAll(Gen.Zip(Rules, Arrivals).ToArbitrary(), input => holds(input.Item1, input.Item2)).Check(Many);

    private static bool IsDueThen(AlertRule rule, AlertState state, long now)
    {
        if (AlertMachine.DueAt(rule, state) is not { } due) return ReferenceEquals(state, AlertMachine.Tick(rule, state, now + 100_000_000_000, []));
        if (due <= now) return false;
        var changes = new List<AlertChange>();
        return ReferenceEquals(state, AlertMachine.Tick(rule, state, due - 1, changes)) && changes.Count == 0
            && AlertMachine.Tick(rule, state, due, changes) != state && changes.Count > 0;
    }

    /// <summary>What comes late or again is left out, as a host leaves it out.</summary>
    private static List<Moment> InTime(Moment[] arrivals)
    {
        var kept = new List<Moment>();
        foreach (var moment in arrivals)
        {
            if (kept.Count == 0 || moment.At > kept[^1].At) kept.Add(moment);
        }

        return kept;
    }

    private static List<AlertChange> Run(AlertRule rule, Moment[] arrivals, Func<AlertState, long, AlertState>? between = null)
    {
        var (state, changes) = (AlertState.Normal, new List<AlertChange>());
        foreach (var moment in InTime(arrivals))
        {
            state = Feed(rule, state, moment, changes);
            state = between?.Invoke(state, moment.At) ?? state;
        }

        return changes;
    }

    private static AlertState Feed(AlertRule rule, AlertState state, Moment moment, List<AlertChange> changes) => moment.Value is { } value
        ? AlertMachine.Observe(rule, state, value, moment.At, changes)
        : AlertMachine.Miss(rule, state, moment.At, changes);

    private static AlertState Restored(AlertState state) => JsonSerializer.Deserialize<AlertState>(JsonSerializer.Serialize(state))!;

    private static bool Same(IEnumerable<AlertChange> expected, IEnumerable<AlertChange> actual)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        if (left.SequenceEqual(right)) return true;
        throw new InvalidOperationException($"expected\n{string.Join('\n', left)}\nbut it was\n{string.Join('\n', right)}");
    }
}
