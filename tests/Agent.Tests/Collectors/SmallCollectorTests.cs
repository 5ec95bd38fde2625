using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Collectors;

public sealed class CpuFrequencyCollectorTests
{
    [Fact]
    public void Cpufreq_IsPreferredAndSleepingCoresAreLeftAway()
    {
        using var machine = Machine.Recorded("ubuntu2204-5.15-laptop");
        var values = new CpuFrequencyCollector(machine.Files, TimeProvider.System).Values();
        Assert.Equal(800, values["cpu.core.frequency.mhz{core=0}"]);
        Assert.Equal(1501, values["cpu.core.frequency.mhz{core=7}"]);
        Assert.DoesNotContain("cpu.core.frequency.mhz{core=5}", values.Keys);
        Assert.Equal(1129, values["cpu.frequency.mhz"]);
    }

    [Fact]
    public void WithoutCpufreq_CpuInfoTellsIt()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        var values = new CpuFrequencyCollector(machine.Files, TimeProvider.System).Values();
        Assert.Equal(1508, values["cpu.core.frequency.mhz{core=7}"]);
        Assert.DoesNotContain("cpu.core.frequency.mhz{core=3}", values.Keys);
        Assert.Equal(8, values.Count);
    }

    [Fact]
    public void MachineThatDoesNotTell_IsNoData()
    {
        using var machine = Machine.Recorded("container-6.6-arm64");
        new CpuFrequencyCollector(machine.Files, TimeProvider.System).HasNoData();
    }

    [Theory]
    [InlineData("0-3,8\n", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-2,4-7\n", new[] { 0, 1, 2, 4, 5, 6, 7 })]
    [InlineData("\n", new int[0])]
    [InlineData("x,2,3-y,5\n", new[] { 2, 5 })]
    public void CoreList_IsRead(string text, int[] expected)
    {
        var cores = new List<int> { 99 };
        CpuFrequencyCollector.ParseCoreList(System.Text.Encoding.ASCII.GetBytes(text), cores);
        Assert.Equal(expected, cores);
    }
}

public sealed class LoadCollectorTests
{
    [Theory]
    [InlineData("centos7-3.10", 0.31, 0.22, 0.18)]
    [InlineData("manycore-5.4", 96.20, 95.11, 90.07)]
    public void ThreeAverages_AreReported(string name, double one, double five, double fifteen)
    {
        using var machine = Machine.Recorded(name);
        var values = new LoadCollector(machine.Files).Values();
        Assert.Equal((one, five, fifteen), (values["load.1m"], values["load.5m"], values["load.15m"]));
    }

    [Fact]
    public void DamagedText_IsNoData()
    {
        using var machine = Machine.Empty().Write("proc/loadavg", "0.1 x 0.3\n");
        new LoadCollector(machine.Files).HasNoData();
    }
}

public sealed class MemoryCollectorTests
{
    private const double Kib = 1024;

    [Fact]
    public void ModernKernel_SaysWhatIsAvailable()
    {
        using var machine = Machine.Recorded("ubuntu2204-5.15-laptop");
        var values = new MemoryCollector(machine.Files).Values();
        Assert.Equal(16_103_664 * Kib, values["memory.total.bytes"]);
        Assert.Equal(7_421_900 * Kib, values["memory.available.bytes"]);
        Assert.Equal((16_103_664 - 7_421_900) * Kib, values["memory.used.bytes"]);
        Assert.Equal(53.9, values["memory.used.percent"]);
        Assert.Equal((6_120_440 + 503_344) * Kib, values["memory.cached.bytes"]);
        Assert.Equal((2_097_148 - 902_116) * Kib, values["swap.used.bytes"]);
        Assert.Equal(57, values["swap.used.percent"]);
    }

    [Fact]
    public void OldKernel_IsEstimated()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var values = new MemoryCollector(machine.Files).Values();
        Assert.Equal((318_224 + 20_816 + 1_893_492 + 160_008 - 93_412) * Kib, values["memory.available.bytes"]);
    }

    [Fact]
    public void NoSwap_HasNoPercentage()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        var values = new MemoryCollector(machine.Files).Values();
        Assert.Equal(0, values["swap.total.bytes"]);
        Assert.Equal(0, values["swap.used.bytes"]);
        Assert.DoesNotContain("swap.used.percent", values.Keys);
    }

    [Fact]
    public void ContainerThatShowsTheMachinesAvailableMemory_IsNotNegative()
    {
        using var machine = Machine.Recorded("container-6.6-arm64");
        var values = new MemoryCollector(machine.Files).Values();
        Assert.Equal(402_116 * Kib, values["memory.available.bytes"]);
        Assert.Equal((524_288 - 402_116) * Kib, values["memory.used.bytes"]);
        Assert.Equal(0, values["swap.used.bytes"]);
    }

    [Fact]
    public void TextWithoutTotal_IsNoData()
    {
        using var machine = Machine.Empty().Write("proc/meminfo", "MemFree: 5 kB\n");
        new MemoryCollector(machine.Files).HasNoData();
    }
}

public sealed class UptimeCollectorTests
{
    [Fact]
    public void WholeSeconds_AreReported()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        Assert.Equal(1_204_117, new UptimeCollector(machine.Files).Values()["uptime.seconds"]);
    }
}

public sealed class ProcessCollectorTests
{
    [Fact]
    public void Processes_AreCounted()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var values = new ProcessCollector(machine.Files).Values();
        Assert.Equal(3, values["processes.count"]);
        Assert.Equal(2, values["processes.running"]);
    }

    [Fact]
    public void HiddenProcesses_AreNotMiscounted()
    {
        using var machine = Machine.Empty().Write("proc/loadavg", "0 0 0 4/90 1\n").Write("proc/4711/comm", "me\n");
        var samples = new SampleSet();
        Assert.Equal(Outcome.NoData, new ProcessCollector(machine.Files).Collect(samples));
        Assert.Equal(["processes.running"], samples.Values.Keys);
    }
}

public sealed class NetworkCollectorTests
{
    [Fact]
    public void OldKernelWithoutBlankAfterTheColon_IsRead()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var values = new NetworkCollector(machine.Files).Values();
        Assert.Equal(8, values.Count);
        Assert.Equal(1_296_512_443, values["net.rx.bytes{nic=eth0}"]);
        Assert.Equal(904_211_077, values["net.tx.bytes{nic=eth0}"]);
        Assert.Equal(3_402_117, values["net.rx.packets{nic=eth0}"]);
        Assert.Equal(2_912_044, values["net.tx.packets{nic=eth0}"]);
        Assert.Equal(1, values["net.rx.errors{nic=eth0}"]);
        Assert.Equal(2, values["net.tx.errors{nic=eth0}"]);
        Assert.Equal(7, values["net.rx.drops{nic=eth0}"]);
        Assert.Equal(3, values["net.tx.drops{nic=eth0}"]);
    }

    [Fact]
    public void LoopbackAndContainerEnds_AreLeftAway()
    {
        using var machine = Machine.Recorded("ubuntu2204-5.15-laptop");
        var nics = new NetworkCollector(machine.Files).Values().Keys.Where(series => series.StartsWith("net.rx.bytes", StringComparison.Ordinal));
        Assert.Equal(["net.rx.bytes{nic=enp0s31f6}", "net.rx.bytes{nic=wlp0s20f3}", "net.rx.bytes{nic=docker0}", "net.rx.bytes{nic=tun0}"], nics);
    }

    [Fact]
    public void CounterAbove63Bits_IsRead()
    {
        using var machine = Machine.Recorded("ubuntu2204-5.15-laptop");
        Assert.Equal(18_446_744_073_709_551_000d, new NetworkCollector(machine.Files).Values()["net.rx.bytes{nic=wlp0s20f3}"]);
    }

    [Fact]
    public void NoDevFile_IsNoData()
    {
        using var machine = Machine.Empty();
        new NetworkCollector(machine.Files).HasNoData();
    }
}

public sealed class DiskIoCollectorTests
{
    [Fact]
    public void WholeDisks_AreReportedWithoutPartitionsAndDrives()
    {
        Assert.Equal(["sda", "sdb", "dm-0", "dm-1"], DevicesOf("centos7-3.10"));
        Assert.Equal(["nvme0n1", "mmcblk0"], DevicesOf("ubuntu2204-5.15-laptop"));
        Assert.Equal(["sda", "sdq", "md0", "dm-0", "cciss/c0d0"], DevicesOf("debian12-6.1-server"));
        Assert.Equal(["vda"], DevicesOf("microvm-6.18"));
    }

    [Fact]
    public void WithoutSysBlock_NamesTellPartitions() => Assert.Equal(["mmcblk0", "sda"], DevicesOf("container-6.6-arm64"));

    [Fact]
    public void Sectors_AreBytesAndMillisecondsSeconds()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var values = new DiskIoCollector(machine.Files).Values();
        Assert.Equal(6_340_622d * 512, values["disk.read.bytes{device=sda}"]);
        Assert.Equal(41_202_134d * 512, values["disk.write.bytes{device=sda}"]);
        Assert.Equal(131_046, values["disk.reads{device=sda}"]);
        Assert.Equal(1_402_117, values["disk.writes{device=sda}"]);
        Assert.Equal(901.442, values["disk.busy.seconds{device=sda}"]);
    }

    [Theory]
    [InlineData("sda1", true)]
    [InlineData("sda", false)]
    [InlineData("nvme0n1", false)]
    [InlineData("nvme0n1p12", true)]
    [InlineData("mmcblk0", false)]
    [InlineData("mmcblk0p1", true)]
    [InlineData("xvda2", true)]
    [InlineData("dm-3", false)]
    [InlineData("md127", false)]
    public void Name_TellsAPartition(string name, bool isPartition) =>
        Assert.Equal(isPartition, DiskIoCollector.IsNamedAsPartition(System.Text.Encoding.ASCII.GetBytes(name)));

    private static IEnumerable<string> DevicesOf(string name)
    {
        using var machine = Machine.Recorded(name);
        return [.. new DiskIoCollector(machine.Files).Values().Keys.Where(series => series.StartsWith("disk.reads", StringComparison.Ordinal)).Select(series => series[18..^1])];
    }
}

public sealed class TcpConnectionCollectorTests
{
    [Fact]
    public void BothFamilies_AreCountedTogether()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var values = new TcpConnectionCollector(machine.Files, new FakeTime()).Values();
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["tcp.connections{state=established}"] = 2,
                ["tcp.connections{state=listen}"] = 3,
                ["tcp.connections{state=time_wait}"] = 2,
                ["tcp.connections{state=close_wait}"] = 1,
                ["tcp.connections{state=syn_recv}"] = 1,
            },
            values);
    }

    [Fact]
    public void MachineWithoutIpv6_IsCounted()
    {
        using var machine = Machine.Recorded("container-6.6-arm64");
        var values = new TcpConnectionCollector(machine.Files, new FakeTime()).Values();
        Assert.Equal(0, values["tcp.connections{state=established}"]);
        Assert.Equal(1, values["tcp.connections{state=listen}"]);
        Assert.Equal(2, values.Count);
    }

    [Fact]
    public void StateOnceSeen_GoesDownToZero()
    {
        using var machine = Machine.Empty().Write("proc/net/tcp", "  sl  header\n   0: A:1 B:2 08 0:0\n");
        var tcp = new TcpConnectionCollector(machine.Files, new FakeTime());
        Assert.Equal(1, tcp.Values()["tcp.connections{state=close_wait}"]);
        machine.Write("proc/net/tcp", "  sl  header\n");
        Assert.Equal(0, tcp.Values()["tcp.connections{state=close_wait}"]);
    }

    [Fact]
    public void VeryManyConnections_AreTakenFromTheKernelsCounters()
    {
        using var machine = Machine.Recorded("manycore-5.4");
        var values = new TcpConnectionCollector(machine.Files, new FakeTime()).Values();
        Assert.Equal(60_998, values["tcp.connections{state=established}"]);
        Assert.Equal(20_441, values["tcp.connections{state=time_wait}"]);
        Assert.Equal(2, values.Count);
    }

    [Fact]
    public void BetweenListings_TheKernelsCountersTellWhatTheyKnow()
    {
        var time = new FakeTime();
        using var machine = Machine.Empty();
        var tcp = new TcpConnectionCollector(machine.Files, time);
        Write(established: 5, closeWait: 2, timeWait: 0);
        Assert.Equal((5, 2, null), Values());

        time.Advance(TcpConnectionCollector.ListingPause - TimeSpan.FromSeconds(1));
        Write(established: 9, closeWait: 2, timeWait: 4);
        machine.Write("proc/net/tcp", "not read");
        Assert.Equal((9, 2, 4), Values());

        time.Advance(TimeSpan.FromSeconds(1));
        Write(established: 1, closeWait: 0, timeWait: 0);
        Assert.Equal((1, 0, 0), Values());

        void Write(int established, int closeWait, int timeWait) => machine
            .Write("proc/net/sockstat", $"TCP: inuse {established + closeWait} orphan 0 tw {timeWait} alloc 9 mem 1\n")
            .Write("proc/net/snmp", $"Tcp: RtoMin CurrEstab InSegs\nTcp: 200 {established + closeWait} 77\n")
            .Write("proc/net/tcp", "header\n" + Lines("01", established) + Lines("08", closeWait) + Lines("06", timeWait));

        string Lines(string state, int count) => string.Concat(Enumerable.Repeat($"   0: A:1 B:2 {state} 0:0\n", count));

        (double, double, double?) Values()
        {
            var values = tcp.Values();
            return (
                values["tcp.connections{state=established}"],
                values["tcp.connections{state=close_wait}"],
                values.TryGetValue("tcp.connections{state=time_wait}", out var timeWait) ? timeWait : null);
        }
    }

    [Fact]
    public void TableInPieces_CountsTheSameWhereverItIsCut()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        var table = System.Text.Encoding.ASCII.GetBytes(machine.Read("proc/net/tcp"));
        for (var cut = 0; cut <= table.Length; cut++)
        {
            var counter = new TcpStateCounter();
            counter.Add(table.AsSpan(0, cut));
            counter.Add(table.AsSpan(cut));
            Assert.Equal((2, 2, 2, 1), (counter[1], counter[10], counter[6], counter[8]));
        }
    }

    [Fact]
    public void DamagedLine_IsCountedNowhere()
    {
        var counter = new TcpStateCounter();
        counter.Add("header\n 0: A B FFFFFFFFFF x\n 1: A B zz x\n 2: A B\n\n 3: A B 01 x\n"u8);
        Assert.Equal(1, Enumerable.Range(0, TcpStateCounter.States.Length).Sum(state => counter[state]));
    }
}

public sealed class SeriesByLabelTests
{
    [Fact]
    public void LabelValue_IsCanonicalAndWithoutControlCharacters()
    {
        var series = new SeriesByLabel("mount", "disk.used.bytes", "disk.free.bytes");
        Assert.Equal(["disk.used.bytes{mount=/a?b}", "disk.free.bytes{mount=/a?b}"], series.For("/a\nb").ToArray());
        Assert.Equal("disk.used.bytes{mount=\"/a,b\"}", series.For("/a,b"u8)[0]);
        Assert.Equal("disk.used.bytes{mount=/ä}", series.For("/ä"u8)[0]);
    }

    [Fact]
    public void TooLongLabelValue_HasNoSeries()
    {
        var series = new SeriesByLabel("mount", "disk.used.bytes");
        Assert.Equal(0, series.For(new string('x', 257)).Length);
        Assert.Equal(0, series.For(new byte[5_000]).Length);
        Assert.Equal(1, series.For(new string('x', 256)).Length);
    }
}

public sealed class MachineInfoTests
{
    [Theory]
    [InlineData("centos7-3.10", "db01.example.org", "CentOS Linux 7 (Core)", "3.10.0-123.el7.x86_64", "Intel(R) Xeon(R) CPU E5-2670 v3 @ 2.30GHz")]
    [InlineData("debian12-6.1-server", "files", "Debian GNU/Linux 12 (bookworm)", "6.1.0-18-amd64", "AMD EPYC 7302P 16-Core Processor")]
    [InlineData("container-6.6-arm64", "8f3a0c1d2e4b", "Alpine Linux", "6.6.20+rpt-rpi-v8", "Raspberry Pi 4 Model B Rev 1.4")]
    public void Machine_IsDescribed(string name, string hostname, string os, string kernel, string cpu)
    {
        using var machine = Machine.Recorded(name);
        var info = MachineInfo.Read(machine.Files);
        Assert.Equal((hostname, os, kernel, cpu), (info.Hostname, info.Os, info.Kernel, info.Cpu));
        Assert.NotNull(info.Architecture);
        Assert.Matches(@"^\d+\.\d+\.\d+", info.Version);
    }

    [Fact]
    public void HiddenBootId_IsReplacedByTheTimeOfTheBoot()
    {
        using var hidden = Machine.Recorded("container-6.6-arm64");
        Assert.Equal("btime-1715000000", MachineInfo.BootId(hidden.Files));
        using var recorded = Machine.Recorded("debian12-6.1-server");
        Assert.Equal("0c2f7d62-0a0b-45c7-bb39-5a5a2a35f4d1", MachineInfo.BootId(recorded.Files));
        using var empty = Machine.Empty();
        Assert.Equal("unknown", MachineInfo.BootId(empty.Files));
    }

    [Fact]
    public void TextThatAServerWouldRefuse_IsCleanedAndCut()
    {
        using var machine = Machine.Empty().Write("proc/sys/kernel/hostname", "a\tb" + new string('x', 300) + "\n");
        var hostname = MachineInfo.Read(machine.Files).Hostname!;
        Assert.StartsWith("a b", hostname, StringComparison.Ordinal);
        Assert.Equal(Protocol.ReportLimits.MaxAgentInfoLength, hostname.Length);
    }
}
