using System.Globalization;
using System.Text;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Collectors;

/// <summary>The processes with the most CPU time and memory, from lines as kernels write them.</summary>
public sealed class ProcessTopTests : IDisposable
{
    private static readonly int Page = Environment.SystemPageSize;

    private readonly Machine _machine = Machine.Empty();
    private readonly FakeTime _time = new();
    private readonly ProcessTop _top;

    public ProcessTopTests() => _top = new ProcessTop(_machine.Files, _time);

    public void Dispose() => _machine.Dispose();

    /// <summary>A line of <c>/proc/[pid]/stat</c>.</summary>
    internal static string Line(int id, string name, ulong ticks, ulong pages, ulong started = 5000) => string.Create(
        CultureInfo.InvariantCulture,
        $"{id} ({name}) S 1 {id} {id} 0 -1 4194560 3154 61002 25 241 {ticks / 2} {ticks - ticks / 2} 62 19 20 0 1 0 {started} 171290624 {pages} 18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n");

    [Theory]
    [InlineData("1 (systemd) S 0 1 1 0 -1 4194560 40312 1845126 97 1324 212 345 8561 3267 20 0 1 0 12 171290624 3321 18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 1 0 0 18 0 0 0 0 0 0 0 0 0 0\n", 1, "systemd", 12ul, 557ul, 3321)]
    [InlineData("4242 (tmux: server) S 1 4242 4242 0 -1 4194368 722 9120 0 4 25 38 7 6 20 0 1 0 98231 9113600 1021 18446744073709551615 1 1 0 0 0 0 0 528386 134433281 0 0 0 17 0 0 0 0 0 0\n", 4242, "tmux: server", 98231ul, 63ul, 1021)]
    [InlineData("77 (a) b (c)) R 1 77 77 0 -1 64 0 0 0 0 7 0 0 0 20 0 1 0 55 0 0 0\n", 77, "a) b (c)", 55ul, 7ul, 0)]
    [InlineData("12 (kworker/0:1-events) I 2 0 0 0 -1 69238880 0 0 0 0 0 1203 0 0 20 0 1 0 33 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 17 0 0 0 0 0 0\n", 12, "kworker/0:1-events", 33ul, 1203ul, 0)]
    public void ALine_IsReadWhateverTheProgramCallsItself(string line, int id, string name, ulong started, ulong ticks, long pages)
    {
        Assert.True(ProcessTop.TryParse(Encoding.UTF8.GetBytes(line), out var reading));
        Assert.Equal(new ProcessTop.Reading(id, name, started, ticks, pages * Page), reading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 (x")]
    [InlineData("x (y) S 0 1 1")]
    [InlineData(") 1 (")]
    [InlineData("1 (x) S 0 1 1 0 -1 64 0 0 0 0 7")]
    [InlineData("99999999999 (x) S 1 77 77 0 -1 64 0 0 0 0 7 0 0 0 20 0 1 0 55 0 0 0")]
    public void ALineThatIsNone_IsPassedOver(string line) => Assert.False(ProcessTop.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("a\u001b[31mred", "a?[31mred")]
    [InlineData("", "?")]
    public void AName_IsFitToBeShown(string name, string shown)
    {
        Assert.True(ProcessTop.TryParse(Encoding.UTF8.GetBytes(Line(1, name, 1, 1)), out var reading));
        Assert.Equal(shown, reading.Name);
        Assert.True(ProcessTop.TryParse(Encoding.UTF8.GetBytes(Line(1, new string('x', 200), 1, 1)), out reading));
        Assert.Equal(64, reading.Name.Length);
        Assert.True(ProcessTop.TryParse([.. "1 ("u8, 0xff, 0xc3, .. ") R 1 1 1 0 -1 64 0 0 0 0 7 0 0 0 20 0 1 0 55 0 0 0"u8], out reading));
        Assert.Equal("\ufffd\ufffd", reading.Name);
    }

    [Fact]
    public void TheMostByCpuAndByMemory_AreTold_EachOnce()
    {
        Write(1, "idle", 1000, 5);
        Write(2, "busy", 1000, 1);
        Write(3, "big", 1000, 900);
        Write(4, "both", 1000, 800);
        _top.Prime(2);
        _time.Advance(TimeSpan.FromSeconds(5));
        Write(2, "busy", 2000, 1);
        Write(4, "both", 1100, 800);
        Write(5, "new", 50, 2);

        var told = _top.Take()!;

        Assert.Equal([("busy", 200d), ("both", 20d), ("big", 0d)], told.Select(process => (process.Name, process.CpuPercent)));
        Assert.Equal(900L * Page, told[2].MemoryBytes);
        Assert.Null(_top.Take());
    }

    [Fact]
    public void ANumberThatIsGivenAgain_IsAnotherProcess()
    {
        Write(7, "before", 100_000, 1);
        _top.Prime(1);
        _time.Advance(TimeSpan.FromSeconds(10));
        _machine.Write("proc/7/stat", Line(7, "after", 200, 1, started: 9000));

        Assert.Equal(("after", 20d), Assert.Single(_top.Take()!) is var process ? (process.Name, process.CpuPercent) : default);
    }

    [Fact]
    public void NothingIsRead_UntilSomebodyAsks_AndTooSoonIsToldLater()
    {
        Write(7, "x", 100, 1);
        Assert.Null(_top.Take());
        _top.Prime(5);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Null(_top.Take());

        // Asked again in between, the window goes on.
        _top.Prime(5);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Write(7, "x", 150, 1);
        Assert.Equal(50, Assert.Single(_top.Take()!).CpuPercent);
    }

    [Fact]
    public void AReadingOfLongAgo_SaysNothingOfNow()
    {
        Write(7, "x", 100, 1);
        _top.Prime(5);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(_top.Take()!);
    }

    [Fact]
    public void OurOwnMachine_IsRead()
    {
        if (!OperatingSystem.IsLinux()) return;
        var top = new ProcessTop(new SystemFiles(), _time);
        top.Prime(5);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains(top.Take()!, process => process.MemoryBytes > 0);
    }

    private void Write(int id, string name, ulong ticks, ulong pages) => _machine.Write($"proc/{id}/stat", Line(id, name, ticks, pages));
}
