using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Collectors;

public sealed class CpuCollectorTests
{
    [Fact]
    public void Line_GuestTimesAreNotCountedTwice()
    {
        Assert.True(CpuTimes.TryParse("cpu3 100 20 30 400 50 6 7 8 90 10"u8, out var core, out var times));
        Assert.Equal(3, core);
        Assert.Equal(new CpuTimes(User: 120, System: 43, Idle: 400, IoWait: 50, Steal: 8), times);
    }

    [Fact]
    public void LineOfOldKernelWithFourFields_IsRead()
    {
        Assert.True(CpuTimes.TryParse("cpu  1 2 3 4"u8, out var core, out var times));
        Assert.Equal(CpuTimes.AllCores, core);
        Assert.Equal(new CpuTimes(3, 3, 4, 0, 0), times);
    }

    [Theory]
    [InlineData("intr 1 2 3 4")]
    [InlineData("cpux 1 2 3 4")]
    [InlineData("cpu-1 1 2 3 4")]
    [InlineData("cpu0 1 2 3")]
    [InlineData("cpu0 1 2 x 4")]
    [InlineData("")]
    public void OtherLine_IsNotRead(string line) => Assert.False(CpuTimes.TryParse(System.Text.Encoding.ASCII.GetBytes(line), out _, out _));

    [Fact]
    public void FirstReading_HasNoPercentagesYet()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        Assert.Empty(new CpuCollector(machine.Files).Values());
    }

    [Fact]
    public void TwoReadings_GivePercentagesOfAllAndOfEachCore()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 1000 0 1000 1000 1000 0 0 1000", "cpu1 500 0 0 500 0 0 0 0"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 1030 0 1010 1040 1010 0 0 1010", "cpu1 500 0 0 600 0 0 0 0"));

        var values = cpu.Values();

        Assert.Equal(50, values["cpu.core.percent{core=0}"]);
        Assert.Equal(0, values["cpu.core.percent{core=1}"]);
        Assert.Equal(25, values["cpu.percent"]);
        Assert.Equal(15, values["cpu.user.percent"]);
        Assert.Equal(5, values["cpu.system.percent"]);
        Assert.Equal(5, values["cpu.iowait.percent"]);
        Assert.Equal(5, values["cpu.steal.percent"]);
    }

    [Fact]
    public void Percentages_AreRoundedToOneDecimal()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 0 0 0 0"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 1 0 0 2"));
        Assert.Equal(33.3, cpu.Values()["cpu.percent"]);
    }

    [Fact]
    public void IoWaitThatGoesBackwards_CountsAsNone()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 100 0 0 100 500 0 0 0"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 150 0 0 150 490 0 0 0"));

        var values = cpu.Values();

        Assert.Equal(50, values["cpu.percent"]);
        Assert.Equal(0, values["cpu.iowait.percent"]);
    }

    [Fact]
    public void IdleThatJittersBackwards_IsNoRestart()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 100 0 0 1000"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 150 0 0 998"));
        Assert.Equal(100, cpu.Values()["cpu.core.percent{core=0}"]);
    }

    [Fact]
    public void CoreThatBeginsAnew_IsLeftAwayUntilTheNextReading()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 100 0 0 1000", "cpu1 5000 0 0 5000"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 150 0 0 1050", "cpu1 9000 0 0 10"));

        var values = cpu.Values();
        Assert.DoesNotContain("cpu.core.percent{core=1}", values.Keys);
        // The sum holds the core that can be compared, and not the garbage of the other.
        Assert.Equal(50, values["cpu.percent"]);

        machine.Write("proc/stat", Stat("cpu0 200 0 0 1100", "cpu1 9075 0 0 35"));
        Assert.Equal(75, cpu.Values()["cpu.core.percent{core=1}"]);
    }

    [Fact]
    public void CoreThatLeavesAndComesBack_IsComparedWithItselfOnlyAfterwards()
    {
        using var machine = Machine.Empty().Write("proc/stat", Stat("cpu0 0 0 0 100", "cpu1 0 0 0 100"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", Stat("cpu0 0 0 0 200"));
        Assert.Equal(["cpu.core.percent{core=0}"], cpu.Values().Keys.Where(series => series.Contains("core=", StringComparison.Ordinal)));

        // What it did in between, or claims to have done, is in nobody's percentages.
        machine.Write("proc/stat", Stat("cpu0 0 0 0 300", "cpu1 99999 0 0 200"));
        var values = cpu.Values();
        Assert.DoesNotContain("cpu.core.percent{core=1}", values.Keys);
        Assert.Equal(0, values["cpu.percent"]);

        machine.Write("proc/stat", Stat("cpu0 0 0 0 400", "cpu1 100099 0 0 200"));
        values = cpu.Values();
        Assert.Equal(100, values["cpu.core.percent{core=1}"]);
        Assert.Equal(50, values["cpu.percent"]);
    }

    [Fact]
    public void NoTimeBetweenReadings_GivesNoPercentages()
    {
        using var machine = Machine.Recorded("microvm-6.18");
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        Assert.Empty(cpu.Values());
    }

    [Fact]
    public void OnlyTheTotalLine_IsUsedWhereCoresAreHidden()
    {
        using var machine = Machine.Empty().Write("proc/stat", "cpu  10 0 0 10\nctxt 5\n");
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", "cpu  20 0 0 40\nctxt 6\n");
        Assert.Equal(25, cpu.Values()["cpu.percent"]);
    }

    [Fact]
    public void OfflineCore_HasNoSeries()
    {
        using var machine = Machine.Empty().Write("proc/stat", Machine.Recorded("debian12-6.1-server").Read("proc/stat"));
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", string.Join('\n', Enumerable.Range(0, 8).Where(core => core != 3).Select(core => $"cpu{core} {60_000} 150 {11_276 + core} {1_140_000 + core} {2_555 + core} 0 377 11 0 0")));

        var cores = cpu.Values().Keys.Where(series => series.StartsWith("cpu.core.", StringComparison.Ordinal));

        Assert.Equal(new[] { 0, 1, 2, 4, 5, 6, 7 }.Select(core => $"cpu.core.percent{{core={core}}}"), cores);
    }

    [Fact]
    public void Cores128_AreAllReported()
    {
        using var machine = Machine.Empty();
        var before = Machine.Recorded("manycore-5.4").Read("proc/stat");
        machine.Write("proc/stat", before);
        var cpu = new CpuCollector(machine.Files);
        cpu.Values();
        machine.Write("proc/stat", before.Replace(" 2044 0 1204", " 2054 0 1204", StringComparison.Ordinal));

        var values = cpu.Values();

        Assert.Equal(128, values.Keys.Count(series => series.StartsWith("cpu.core.percent", StringComparison.Ordinal)));
        Assert.Equal(100, values["cpu.iowait.percent"]);
    }

    [Fact]
    public void NoStatFile_IsNoData()
    {
        using var machine = Machine.Empty();
        new CpuCollector(machine.Files).HasNoData();
    }

    private static string Stat(params string[] cores) => $"cpu  1 2 3 4 5 6 7 8 9 10\n{string.Join('\n', cores)}\nintr 1 2 3\nctxt 4\n";
}
