using StatusMonitor.Grains.Alerts;
using static StatusMonitor.Grains.Alerts.TransitionKind;

namespace StatusMonitor.Grains.Tests.Alerts;

public sealed class AlertMachineTests
{
    private static readonly AlertRule Busy = new()
    {
        Name = "busy", Kind = AlertKind.Threshold, Series = "cpu.percent", Condition = AlertCondition.AtOrAbove, Threshold = 90, ClearThreshold = 80,
        For = TimeSpan.FromSeconds(10), KeepFiringFor = TimeSpan.FromSeconds(20),
    };

    private static readonly AlertRule AtOnce = Busy with { ClearThreshold = null, For = TimeSpan.Zero, KeepFiringFor = TimeSpan.Zero };

    private static readonly AlertRule Offline = new() { Name = "offline", Kind = AlertKind.Offline, For = TimeSpan.FromSeconds(30), KeepFiringFor = TimeSpan.FromSeconds(10) };

    private readonly List<AlertChange> _changes = [];
    private AlertState _state = AlertState.Normal;

    [Fact]
    public void ThresholdReachedForLongEnough_FiresOnce_WithTheWorstValueAsPeak()
    {
        Observe(Busy, (0, 90), (5, 95), (10, 91), (15, 99), (20, 92));

        Assert.Equal([new AlertChange(Fired, 10_000, 91, true)], _changes);
        Assert.Equal((AlertPhase.Firing, 10_000L, 99), (_state.Phase, _state.FiredAt, _state.Peak));
        Assert.True(_state.IsOpen && _state.IsTold);
    }

    [Fact]
    public void DropBelowThresholdWithinFor_NeverFires()
    {
        Observe(Busy, (0, 95), (5, 89), (10, 95), (19, 95));

        Assert.Empty(_changes);
        Assert.Equal((AlertPhase.Pending, 10_000L), (_state.Phase, _state.Since));
    }

    [Fact]
    public void BetweenTheThresholds_ItNeitherFiresNorEnds()
    {
        Observe(Busy, (0, 85), (10, 85));
        Assert.Equal(AlertPhase.Normal, _state.Phase);

        Observe(Busy, (20, 95), (30, 95), (40, 85), (50, 80));
        Assert.Equal(AlertPhase.Firing, _state.Phase);

        // 80 would not be below the clear threshold; 79 is, and from there it has to stay clear.
        Observe(Busy, (60, 79), (70, 85), (80, 79), (99, 79));
        Assert.Equal((AlertPhase.Recovering, 80_000L), (_state.Phase, _state.Since));

        Observe(Busy, (100, 79));
        Assert.Equal([new AlertChange(Fired, 30_000, 95, true), new AlertChange(Resolved, 100_000, 79, true)], _changes);
        Assert.Equal(AlertPhase.Normal, _state.Phase);
    }

    [Theory]
    [InlineData(AlertCondition.Above, 90, false)]
    [InlineData(AlertCondition.Above, 90.01, true)]
    [InlineData(AlertCondition.AtOrAbove, 90, true)]
    [InlineData(AlertCondition.AtOrAbove, 89.99, false)]
    [InlineData(AlertCondition.Below, 90, false)]
    [InlineData(AlertCondition.Below, 89.99, true)]
    [InlineData(AlertCondition.AtOrBelow, 90, true)]
    [InlineData(AlertCondition.AtOrBelow, 90.01, false)]
    public void AtTheThreshold_TheConditionDecides_AndTheOtherSideEndsIt(AlertCondition condition, double value, bool fires)
    {
        var rule = AtOnce with { Condition = condition };

        Observe(rule, (0, value));
        Assert.Equal(fires, _state.IsOpen);

        Observe(rule, (5, condition is AlertCondition.Above or AlertCondition.AtOrAbove ? 100 : 0));
        Assert.True(_state.IsOpen);
        Observe(rule, (10, condition is AlertCondition.AtOrAbove ? 89.99 : condition is AlertCondition.AtOrBelow ? 90.01 : 90));
        Assert.False(_state.IsOpen);
    }

    /// <summary>The table of the older checker: at or above the threshold opens, what is open is not opened again, below it resolves, and what is resolved can open again.</summary>
    [Fact]
    public void ChecksThatOpenAndResolve_AreRulesAtOrAbove()
    {
        Observe(AtOnce, (0, 89.9), (60, 90), (120, 92), (180, 45), (240, 44), (300, 90));

        Assert.Equal([new AlertChange(Fired, 60_000, 90, true), new AlertChange(Resolved, 180_000, 45, true), new AlertChange(Fired, 300_000, 90, true)], _changes);
    }

    [Fact]
    public void NothingStoredChanges_GivesTheSameObject()
    {
        Assert.Same(AlertState.Normal, AlertMachine.Observe(Busy, AlertState.Normal, 10, 0, _changes));
        Observe(Busy, (0, 95), (10, 99));
        Assert.Same(_state, AlertMachine.Observe(Busy, _state, 98, 15_000, _changes));
        var pending = AlertMachine.Observe(Busy, AlertState.Normal, 95, 0, _changes);
        Assert.Same(pending, AlertMachine.Observe(Busy, pending, 95, 5_000, _changes));
    }

    [Fact]
    public void KeptOnMissingData_ItSaysSo_AndGoesOnWhenValuesAreBack()
    {
        Observe(AtOnce, (0, 95));
        Miss(AtOnce, 60);
        Miss(AtOnce, 120);
        Assert.Equal((AlertPhase.NoData, true), (_state.Phase, _state.IsOpen));
        Observe(AtOnce, (180, 95));

        Assert.Equal([new AlertChange(Fired, 0, 95, true), new AlertChange(DataLost, 60_000, null, true), new AlertChange(DataBack, 180_000, 95, true)], _changes);
        Assert.Equal((AlertPhase.Firing, 0L), (_state.Phase, _state.FiredAt));
    }

    [Fact]
    public void ResolvedOnMissingData_ItEndsAtOnce_HoweverLongItKeepsFiring()
    {
        var rule = Busy with { MissingData = MissingData.Resolve, For = TimeSpan.Zero };
        Observe(rule, (0, 95), (5, 10));
        Miss(rule, 60);
        Miss(rule, 120);

        Assert.Equal([new AlertChange(Fired, 0, 95, true), new AlertChange(Resolved, 60_000, null, true)], _changes);
        Assert.Equal((AlertPhase.NoData, false), (_state.Phase, _state.IsOpen));
        Observe(rule, (180, 10));
        Assert.Equal(AlertPhase.Normal, _state.Phase);
    }

    [Fact]
    public void FiringOnMissingData_ItFiresOnce_AndAValueThatIsFineEndsIt()
    {
        var rule = AtOnce with { MissingData = MissingData.Fire };
        Miss(rule, 60);
        Miss(rule, 120);
        Observe(rule, (180, 10));

        Assert.Equal([new AlertChange(Fired, 60_000, null, true), new AlertChange(DataBack, 180_000, 10, true), new AlertChange(Resolved, 180_000, 10, true)], _changes);
    }

    [Fact]
    public void MissingDataWhilePending_BeginsAnew()
    {
        Observe(Busy, (0, 95));
        Miss(Busy, 5);
        Observe(Busy, (8, 95), (17, 95));

        Assert.Empty(_changes);
        Assert.Equal((AlertPhase.Pending, 8_000L), (_state.Phase, _state.Since));
    }

    [Fact]
    public void FiredWithinTheCooldown_IsUntold_AndSoIsItsEnd()
    {
        var rule = AtOnce with { Cooldown = TimeSpan.FromMinutes(10) };
        Observe(rule, (0, 95), (60, 10), (599, 95), (700, 10), (1_000, 95));

        Assert.Equal([true, true, false, false, true], _changes.Select(change => change.IsTold));
        Assert.Equal([Fired, Resolved, Fired, Resolved, Fired], _changes.Select(change => change.Kind));
    }

    [Fact]
    public void SixChangesWithinHalfAnHour_AreSaidToFlap_AndNoMoreIsToldUntilItKeepsStill()
    {
        Observe(AtOnce, (0, 95), (60, 10), (120, 95), (180, 10), (240, 95));
        Assert.False(_state.IsFlapping);
        _changes.Clear();

        _state = _state with { IncidentId = "5-9" };
        Observe(AtOnce, (300, 10), (360, 95), (420, 10));
        Assert.Equal(
            [new AlertChange(Resolved, 300_000, 10, false), new AlertChange(FlappingBegan, 300_000, 10, true), new AlertChange(Fired, 360_000, 95, false), new AlertChange(Resolved, 420_000, 10, false)],
            _changes);
        Assert.Equal(420_000 + 900_000, AlertMachine.DueAt(AtOnce, _state));
        _changes.Clear();

        // Found out by a sample that comes a minute later, it is over as of when it was.
        Observe(AtOnce, (1_380, 95));
        Assert.Equal([new AlertChange(FlappingEnded, 1_320_000, null, true), new AlertChange(Fired, 1_380_000, 95, true)], _changes);
        Assert.False(_state.IsFlapping);
    }

    [Fact]
    public void FlappingThatEndsWhileItFires_StandsForAFired_WhoseEndIsTold()
    {
        Observe(AtOnce, (0, 95), (60, 10), (120, 95), (180, 10), (240, 95), (300, 10), (360, 95));
        _changes.Clear();

        Tick(AtOnce, 1_260);
        Assert.Equal([new AlertChange(FlappingEnded, 1_260_000, null, true)], _changes);
        Assert.True(_state.IsOpen && _state.IsTold);

        Observe(AtOnce, (1_300, 10));
        Assert.Equal(new AlertChange(Resolved, 1_300_000, 10, true), _changes[^1]);
    }

    [Fact]
    public void AnIncidentsId_IsKeptWhileItIsOpenOrFlaps()
    {
        Observe(AtOnce, (0, 95));
        Assert.Null(_state.IncidentId);
        _state = _state with { IncidentId = "5-1" };
        Observe(AtOnce, (5, 97));
        Assert.Equal("5-1", _state.IncidentId);
        Observe(AtOnce, (10, 10));
        Assert.Null(_state.IncidentId);

        Observe(AtOnce, (20, 95), (30, 10), (40, 95));
        _state = _state with { IncidentId = "5-3" };
        Observe(AtOnce, (50, 10));
        Assert.Equal((true, "5-3"), (_state.IsFlapping, _state.IncidentId));
        Tick(AtOnce, 50 + 900);
        Assert.Null(_state.IncidentId);
    }

    [Fact]
    public void AHostThatIsOffline_FiresWhenItIsDue_AndEndsWhenItHasBeenBackForLongEnough()
    {
        Judge(Offline, true, 100);
        Assert.Equal(130_000, AlertMachine.DueAt(Offline, _state));
        Tick(Offline, 129);
        Assert.Empty(_changes);
        Tick(Offline, 130);
        Assert.Null(AlertMachine.DueAt(Offline, _state));
        Judge(Offline, false, 200);
        Assert.Equal(210_000, AlertMachine.DueAt(Offline, _state));
        Tick(Offline, 210);

        Assert.Equal([new AlertChange(Fired, 130_000, null, true), new AlertChange(Resolved, 210_000, null, true)], _changes);
    }

    [Fact]
    public void AHostThatIsBackInTime_WasNeverDown()
    {
        Judge(Offline, true, 100);
        Judge(Offline, false, 129);
        Tick(Offline, 1_000);

        Assert.Empty(_changes);
        Assert.Null(AlertMachine.DueAt(Offline, _state));
    }

    [Fact]
    public void AHostThatStartedAnew_FiresAndIsOverAtOnce()
    {
        var rule = new AlertRule { Name = "rebooted", Kind = AlertKind.Rebooted };
        Judge(rule, false, 50);
        Judge(rule, true, 100);

        Assert.Equal([new AlertChange(Fired, 100_000, null, true), new AlertChange(Resolved, 100_000, null, true)], _changes);
        Assert.False(_state.IsOpen);
    }

    [Fact]
    public void AClassicRule_IsStrict_HasNoEnd_AndIsToldOnceInItsCooldown()
    {
        var rule = new AlertRule
        {
            Name = "cpu", Kind = AlertKind.Classic, ClassicMetric = "cpu", Condition = AlertCondition.Above, Threshold = 90, Cooldown = AlertRules.ClassicCooldown,
        };
        Observe(rule, (0, 90), (5, 90.1), (10, 99), (15, 10), (304, 99), (305, 91), (310, 95));
        Miss(rule, 400);

        Assert.Equal([new AlertChange(Classic, 5_000, 90.1, true), new AlertChange(Classic, 305_000, 91, true)], _changes);
        Assert.Equal(AlertPhase.Normal, _state.Phase);
        Assert.False(AlertMachine.IsIdle(rule, _state, 604_999));
        Assert.True(AlertMachine.IsIdle(rule, _state, 605_000));
    }

    [Fact]
    public void ARuleThatGoes_EndsWhatIsOpen_TheWayItWasToldOf()
    {
        Assert.Same(AlertState.Normal, AlertMachine.End(AlertState.Normal, 5_000, _changes));
        Assert.Empty(_changes);

        Observe(AtOnce, (0, 95));
        Assert.Same(AlertState.Normal, AlertMachine.End(_state, 5_000, _changes));
        Assert.Equal(new AlertChange(Resolved, 5_000, null, true), _changes[^1]);

        _state = AlertState.Normal;
        Observe(AtOnce, (0, 95), (1, 10), (2, 95), (3, 10), (4, 95), (5, 10), (6, 95));
        _changes.Clear();
        AlertMachine.End(_state, 7_000, _changes);
        Assert.Equal([new AlertChange(Resolved, 7_000, null, false), new AlertChange(FlappingEnded, 7_000, null, true)], _changes);
    }

    [Fact]
    public void AStateWithRecentChanges_IsNotIdle()
    {
        Assert.True(AlertMachine.IsIdle(AtOnce, AlertState.Normal, 0));
        Observe(AtOnce, (0, 95), (1, 10));
        Assert.False(AlertMachine.IsIdle(AtOnce, _state, 1_000 + (30 * 60_000)));
        Assert.True(AlertMachine.IsIdle(AtOnce, _state, 1_001 + (30 * 60_000)));
        Assert.False(AlertMachine.IsIdle(Busy, AlertMachine.Observe(Busy, AlertState.Normal, 95, 0, _changes), long.MaxValue / 2));
    }

    private void Observe(AlertRule rule, params (int Seconds, double Value)[] samples)
    {
        foreach (var (seconds, value) in samples) _state = AlertMachine.Observe(rule, _state, value, seconds * 1_000L, _changes);
    }

    private void Miss(AlertRule rule, int seconds) => _state = AlertMachine.Miss(rule, _state, seconds * 1_000L, _changes);

    private void Judge(AlertRule rule, bool isBroken, int seconds) => _state = AlertMachine.Judge(rule, _state, isBroken, seconds * 1_000L, _changes);

    private void Tick(AlertRule rule, int seconds) => _state = AlertMachine.Tick(rule, _state, seconds * 1_000L, _changes);
}
