using System.Collections.Concurrent;
using System.Text;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Collectors;

public sealed class FilesystemCollectorTests
{
    private static readonly FilesystemSpace Space = new(Total: 1_000, Used: 600, Free: 300);

    [Fact]
    public void OldKernel_ShowsRealFilesystemsOnce() => Assert.Equal(["/", "/boot", "/home/remote", "/mnt/old photos"], Chosen("centos7-3.10"));

    [Fact]
    public void Laptop_ShowsNoSnapsPortalsOrBindMounts() =>
        Assert.Equal(["/", "/boot/efi", "/home", "/home/anna/nas", "/media/anna/Windows Data"], Chosen("ubuntu2204-5.15-laptop"));

    [Fact]
    public void Server_ShowsSubvolumesOnceAndOddNamesUnescaped() =>
        Assert.Equal(
            ["/", "/data", "/mnt/backup", "/mnt/comma,brace}", "/mnt/share", "/mnt/tab\tand\nline\\slash", "/srv", "/tank", "/tank/data"],
            Chosen("debian12-6.1-server"));

    [Fact]
    public void Container_ShowsItsRootAndItsVolume() => Assert.Equal(["/", "/data"], Chosen("container-6.6-arm64"));

    [Fact]
    public void RecordedMachine_ShowsItsDisk() => Assert.Equal(["/"], Chosen("microvm-6.18"));

    [Fact]
    public void MountBehindAnother_IsTheOneThatCounts()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        var mounts = MountTable.ParseMountInfo(Encoding.UTF8.GetBytes(machine.Read("proc/self/mountinfo")));
        Assert.Equal("253:6", MountTable.Choose(mounts).Single(mount => mount.MountPoint == "/data").Device);
    }

    [Fact]
    public void Values_AreThoseOfDf()
    {
        using var machine = Machine.Recorded("microvm-6.18");
        using var log = new LogText();
        var values = new FilesystemCollector(machine.Files, log.Log, _ => Space).Values();
        Assert.Equal(1_000, values["disk.total.bytes{mount=/}"]);
        Assert.Equal(600, values["disk.used.bytes{mount=/}"]);
        Assert.Equal(300, values["disk.free.bytes{mount=/}"]);
        Assert.Equal(66.7, values["disk.used.percent{mount=/}"]);
    }

    [Fact]
    public void OddMountPoints_MakeValidSeries()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        using var log = new LogText();
        var values = new FilesystemCollector(machine.Files, log.Log, _ => Space).Values();
        Assert.Contains("disk.used.bytes{mount=\"/mnt/tab?and?line\\\\slash\"}", values.Keys);
        Assert.Contains("disk.used.bytes{mount=\"/mnt/comma,brace}\"}", values.Keys);
    }

    [Fact]
    public void FilesystemThatDoesNotTell_IsLeftAway()
    {
        using var machine = Machine.Recorded("centos7-3.10");
        using var log = new LogText();
        var values = new FilesystemCollector(machine.Files, log.Log, mount => mount == "/boot" ? null : Space).Values();
        Assert.DoesNotContain("disk.used.bytes{mount=/boot}", values.Keys);
        Assert.Contains("disk.used.bytes{mount=/}", values.Keys);
    }

    [Fact]
    public async Task DeadFileServer_NeitherHangsTheOthersNorIsAskedTwice()
    {
        using var machine = Machine.Recorded("debian12-6.1-server");
        using var log = new LogText();
        using var alive = new ManualResetEventSlim();
        var asked = new ConcurrentQueue<string>();
        var answered = new TaskCompletionSource();
        var filesystems = new FilesystemCollector(machine.Files, log.Log, mount =>
        {
            asked.Enqueue(mount);
            if (mount == "/mnt/backup")
            {
                alive.Wait();
                answered.TrySetResult();
            }

            return Space;
        });

        var first = filesystems.Values();
        Assert.Contains("disk.used.bytes{mount=/srv}", first.Keys);
        Assert.DoesNotContain("disk.used.bytes{mount=/mnt/backup}", first.Keys);
        // The live one on the network may be late the first time on a busy machine.
        Dictionary<string, double> later = first;
        WaitFor.Condition(() => (later = filesystems.Values()).ContainsKey("disk.used.bytes{mount=/mnt/share}"), "the value of the live file server");
        Assert.DoesNotContain("disk.used.bytes{mount=/mnt/backup}", later.Keys);
        Assert.Equal(1, asked.Count(mount => mount == "/mnt/backup"));
        Assert.Equal(1, log.Count("nfs filesystem on /mnt/backup does not answer"));

        alive.Set();
        await WaitFor.Event(answered.Task, "the answer of the file server");
        WaitFor.Condition(() => filesystems.Values().ContainsKey("disk.used.bytes{mount=/mnt/backup}"), "the value of the file server that came back");
        Assert.Equal(1, log.Count("on /mnt/backup answers again"));
    }

    [Fact]
    public void MountThatAppears_IsReported()
    {
        using var machine = Machine.Empty().Write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
        using var log = new LogText();
        var filesystems = new FilesystemCollector(machine.Files, log.Log, _ => Space);
        Assert.Equal(4, filesystems.Values().Count);
        machine.Write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:17 / /mnt/stick rw - vfat /dev/sdb1 rw\n");
        Assert.Contains("disk.used.bytes{mount=/mnt/stick}", filesystems.Values().Keys);
    }

    [Fact]
    public void NoTable_IsNoData()
    {
        using var machine = Machine.Empty();
        using var log = new LogText();
        new FilesystemCollector(machine.Files, log.Log, _ => Space).HasNoData();
    }

    [Fact]
    public void RootOfThisMachine_IsMeasured()
    {
        var space = FilesystemSpace.Measure("/");
        Assert.NotNull(space);
        Assert.InRange(space.Value.Used, 1, space.Value.Total);
        Assert.InRange(space.Value.UsedPercent, 0, 100);
    }

    [Theory]
    [InlineData("/proc/version")]
    [InlineData("/does/not/exist")]
    public void WhatIsNoFilesystem_IsNotMeasured(string path) => Assert.Null(FilesystemSpace.Measure(path));

    private static IEnumerable<string> Chosen(string name)
    {
        using var machine = Machine.Recorded(name);
        var path = "proc/self/mountinfo";
        var hasMountInfo = machine.Files.TryRead(machine.Files.PathOf(path), out _);
        var text = Encoding.UTF8.GetBytes(machine.Read(hasMountInfo ? path : "proc/mounts"));
        return [.. MountTable.Choose(hasMountInfo ? MountTable.ParseMountInfo(text) : MountTable.ParseMounts(text)).Select(mount => mount.MountPoint)];
    }
}
