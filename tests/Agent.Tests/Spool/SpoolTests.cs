using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Agent.Spool;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Spool;

/// <summary>A spool directory, and copies of it as it stands: what a killed process would leave.</summary>
internal sealed class SpoolDirectory : IDisposable
{
    public SpoolDirectory()
    {
    }

    /// <summary>The files of another one now, without what belongs to its living process.</summary>
    public SpoolDirectory(SpoolDirectory other)
    {
        foreach (var file in Directory.GetFiles(other.Path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (name is not ("lock" or "owner")) File.Copy(file, System.IO.Path.Combine(Path, name));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("agent-spool-").FullName;

    public string[] Segments => [.. Directory.GetFiles(Path, "*.spool").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal static class SpoolExtensions
{
    /// <summary>The numbers in the reports that wait, oldest first.</summary>
    public static long[] Waiting(this DiskSpool spool, int maxCount = int.MaxValue)
    {
        var target = new ByteBuffer();
        var count = spool.Peek(target, maxCount, int.MaxValue, out var last);
        var numbers = Numbers(target);
        Assert.Equal(count, numbers.Length);
        Assert.Equal(count == 0 ? -1 : numbers[^1], last);
        return numbers;
    }

    public static long[] Numbers(ByteBuffer target)
    {
        using var json = System.Text.Json.JsonDocument.Parse($"[{Encoding.UTF8.GetString(target.Written.Span)}]");
        return [.. json.RootElement.EnumerateArray().Select(report => report.GetProperty("seq").GetInt64())];
    }

    public static byte[] Report(long sequence, int padding = 0) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{sequence},\"x\":\"{new string('x', padding)}\"}}"));

    public static void AppendNext(this DiskSpool spool, int padding = 0) => spool.Append(spool.NextSequence, Report(spool.NextSequence, padding));
}

public sealed class DiskSpoolTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private readonly SpoolDirectory _directory = new();
    private readonly LogText _log = new();

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Reports_WaitInOrderUntilAcknowledged()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 5; i++) spool.AppendNext();
        Assert.Equal([0, 1, 2, 3, 4], spool.Waiting());
        Assert.Equal([0, 1], spool.Waiting(maxCount: 2));
        spool.Acknowledge(2);
        Assert.Equal([3, 4], spool.Waiting());
        spool.Acknowledge(1);
        Assert.Equal([3, 4], spool.Waiting());
        spool.Acknowledge(4);
        Assert.Empty(spool.Waiting());
        Assert.Equal(0, spool.Count);
    }

    [Fact]
    public void Peek_KeepsToItsBytesButGivesAtLeastOneReport()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 3; i++) spool.AppendNext(padding: 1_000);
        var target = new ByteBuffer();
        Assert.Equal(1, spool.Peek(target, 10, 10, out var last));
        Assert.Equal(0, last);
        target.Clear();
        Assert.Equal(2, spool.Peek(target, 10, 2_500, out last));
        Assert.Equal(1, last);
        Assert.InRange(target.Length, 2_000, 2_500);
        Assert.Equal([0, 1], SpoolExtensions.Numbers(target));
    }

    [Fact]
    public void EverythingAcknowledged_LeavesAnEmptyFileAndTheCountGoesOn()
    {
        using (var spool = Open(_directory))
        {
            for (var i = 0; i < 100; i++)
            {
                spool.AppendNext(padding: 2_000);
                spool.Acknowledge(i);
                Assert.Equal(0, new FileInfo(Assert.Single(_directory.Segments)).Length);
            }
        }

        using var reopened = Open(_directory);
        Assert.Equal(100, reopened.NextSequence);
        Assert.Empty(reopened.Waiting());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void KilledProcess_LosesNothingAndRepeatsNothing()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 10; i++) spool.AppendNext();
        spool.Acknowledge(3);

        // Nothing was closed or flushed.
        using var left = new SpoolDirectory(_directory);
        using var next = Open(left);

        Assert.Equal([4, 5, 6, 7, 8, 9], next.Waiting());
        Assert.Equal(10, next.NextSequence);
        next.AppendNext();
        Assert.Equal([4, 5, 6, 7, 8, 9, 10], next.Waiting());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void RecordTornAtAnyByte_IsCutAndTheOthersStay()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 3; i++) spool.AppendNext(padding: 20);
        var whole = File.ReadAllBytes(_directory.Segments[0]);
        var record = whole.Length / 3;

        for (var length = 0; length < whole.Length; length++)
        {
            using var left = new SpoolDirectory(_directory);
            File.WriteAllBytes(left.Segments[0], whole[..length]);
            using var next = Open(left);
            var expected = Enumerable.Range(0, length / record).Select(number => (long)number).ToArray();
            Assert.Equal(expected, next.Waiting());
            // What follows is written where the torn record was.
            next.Append(50, SpoolExtensions.Report(50));
            Assert.Equal([.. expected, 50], next.Waiting());
        }
    }

    [Fact]
    public void AnyFlippedByte_IsNoticed()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 2; i++) spool.AppendNext(padding: 20);
        var whole = File.ReadAllBytes(_directory.Segments[0]);

        for (var at = 0; at < whole.Length; at++)
        {
            using var left = new SpoolDirectory(_directory);
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(left.Segments[0], damaged);
            using var next = Open(left);
            Assert.Equal(at < whole.Length / 2 ? [] : [0], next.Waiting());
        }
    }

    [Fact]
    public void ZerosAtTheEnd_AreCut()
    {
        using var spool = Open(_directory);
        spool.AppendNext();
        using var left = new SpoolDirectory(_directory);
        File.WriteAllBytes(left.Segments[0], [.. File.ReadAllBytes(left.Segments[0]), .. new byte[100]]);
        using var next = Open(left);
        Assert.Equal([0], next.Waiting());
        Assert.Equal(1, _log.Count("Cut 100 bytes"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TornSlotOfThePosition_LeavesTheOneBefore(int torn)
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 4; i++) spool.AppendNext();
        spool.Acknowledge(0);
        spool.Acknowledge(1);
        using var left = new SpoolDirectory(_directory);
        var path = Path.Combine(left.Path, "acknowledged");
        var bytes = File.ReadAllBytes(path);
        bytes[512 * torn] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var next = Open(left);

        // Slot 1 has the newer number.
        Assert.Equal(torn == 1 ? [1, 2, 3] : [2, 3], next.Waiting());
    }

    [Fact]
    public void FullSpool_DropsTheOldestAndSaysHowMany()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 2_000; i++)
        {
            spool.AppendNext(padding: 1_000);
            Assert.InRange(spool.Bytes, 1, Mebibyte);
        }

        var waiting = spool.Waiting();
        Assert.Equal(1_999, waiting[^1]);
        Assert.Equal(Enumerable.Range((int)waiting[0], waiting.Length).Select(number => (long)number), waiting);
        Assert.InRange(waiting.Length, 900, 1_010);
        var said = _log.Lines.Sum(line => int.Parse(line[(line.IndexOf("the ", StringComparison.Ordinal) + 4)..].Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal(2_000 - waiting.Length, said);
        Assert.All(_log.Lines, line => Assert.Contains("The spool is full (1 MiB): dropped the", line, StringComparison.Ordinal));
    }

    [Fact]
    public void LargeSpool_IsFoundWhollyAfterAKill()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 500; i++) spool.AppendNext(padding: 1_000);
        Assert.InRange(_directory.Segments.Length, 5, 17);
        spool.Acknowledge(249);
        using var left = new SpoolDirectory(_directory);
        using var next = Open(left);
        Assert.Equal(Enumerable.Range(250, 250).Select(number => (long)number), next.Waiting());
        next.Acknowledge(499);
        Assert.Single(left.Segments);
        Assert.Equal(500, next.NextSequence);
    }

    [Fact]
    public void SegmentsThatACrashLeftBehindTheAcknowledgement_AreRemoved()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 300; i++) spool.AppendNext(padding: 1_000);
        using var left = new SpoolDirectory(_directory);
        spool.Acknowledge(299);
        File.Copy(Path.Combine(_directory.Path, "acknowledged"), Path.Combine(left.Path, "acknowledged"), overwrite: true);

        using var next = Open(left);

        Assert.Empty(next.Waiting());
        Assert.Single(left.Segments);
        Assert.Equal(300, next.NextSequence);
    }

    [Fact]
    public void DamageInTheMiddleWhileRunning_LosesTheRestOfThatFileOnly()
    {
        using var spool = Open(_directory);
        for (var i = 0; i < 200; i++) spool.AppendNext(padding: 1_000);
        var second = long.Parse(Path.GetFileNameWithoutExtension(_directory.Segments[1]), CultureInfo.InvariantCulture);
        using (var file = File.Open(_directory.Segments[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 5_000;
            file.WriteByte(0);
            file.WriteByte(0);
        }

        var intact = spool.Waiting();
        Assert.Equal([0, 1, 2, 3], intact);
        spool.Acknowledge(3);
        Assert.Equal(second, spool.Waiting()[0]);
        Assert.Equal(1, _log.Count($"is damaged: {second - 4} reports are lost"));
    }

    [Fact]
    public void SecondAgent_IsKeptOutWithAClearMessage()
    {
        using var spool = Open(_directory);
        var exception = Assert.Throws<SpoolInUseException>(() => Open(_directory));
        Assert.Contains($"Another agent (process {Environment.ProcessId}) uses the spool directory {_directory.Path}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LockIsGivenBack_WhenTheSpoolIsClosed()
    {
        Open(_directory).Dispose();
        Open(_directory).Dispose();
    }

    [Fact]
    public void NewDirectory_IsForItsOwnerAlone()
    {
        var path = Path.Combine(_directory.Path, "a", "spool");
        using var spool = DiskSpool.Open(path, Mebibyte, _log.Log);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    /// <summary>Whatever is appended, acknowledged, killed and reopened: what waits is exactly what was appended and not acknowledged, in order.</summary>
    [Fact]
    public void AnyHistory_KeepsExactlyWhatWasNotAcknowledged()
    {
        var steps = Gen.Choose(0, 9).Select(kind => kind switch { < 5 => 'a', < 8 => 'k', 8 => 'c', _ => 'r' }).ArrayOf();
        Prop.ForAll(steps.Zip(Gen.Choose(0, int.MaxValue - 1)).ToArbitrary(), history =>
        {
            var (kinds, seed) = history;
            var random = new Random(seed);
            var directory = new SpoolDirectory();
            var spool = Open(directory);
            var expected = new List<long>();
            long next = 0;
            try
            {
                foreach (var kind in kinds)
                {
                    switch (kind)
                    {
                        case 'a':
                            for (var i = random.Next(1, 30); i > 0; i--)
                            {
                                spool.Append(next, SpoolExtensions.Report(next, random.Next(2_000)));
                                expected.Add(next++);
                            }

                            break;
                        case 'k' when expected.Count > 0:
                            var upTo = expected[random.Next(expected.Count)];
                            spool.Acknowledge(upTo);
                            expected.RemoveAll(sequence => sequence <= upTo);
                            break;
                        case 'c':
                            spool.Dispose();
                            spool = Open(directory);
                            break;
                        case 'r':
                            var left = new SpoolDirectory(directory);
                            spool.Dispose();
                            directory.Dispose();
                            directory = left;
                            spool = Open(directory);
                            break;
                    }

                    // Within 1 MiB: histories that fill it are a test of their own.
                    if (spool.Bytes > 900_000) break;
                    Assert.Equal(expected, spool.Waiting());
                    Assert.Equal(expected.Count, spool.Count);
                    Assert.Equal(next, spool.NextSequence);
                }
            }
            finally
            {
                spool.Dispose();
                directory.Dispose();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.Empty(_log.Lines);
    }

    private DiskSpool Open(SpoolDirectory directory) => DiskSpool.Open(directory.Path, Mebibyte, _log.Log);
}

public sealed class ReportQueueTests : IDisposable
{
    private readonly SpoolDirectory _directory = new();
    private readonly FakeTime _time = new();
    private readonly LogText _log;

    public ReportQueueTests() => _log = new LogText(_time);

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void WithoutDisk_ReportsWaitInMemoryAndTheOldestAreDropped()
    {
        using var queue = new ReportQueue(null, _log.Log, _time);
        for (var i = 0; i < ReportQueue.MaxInMemory + 7; i++) queue.Append(SpoolExtensions.Report(queue.NextSequence));

        Assert.Equal(ReportQueue.MaxInMemory, queue.Count);
        Assert.Equal([7, 8, 9], Peek(queue, 3));
        Assert.Equal(1, _log.Count("1 report was dropped: only 1000 fit into memory"));
        _time.Advance(TimeSpan.FromMinutes(2));
        queue.Append(SpoolExtensions.Report(queue.NextSequence));
        Assert.Equal(1, _log.Count("7 reports were dropped"));

        queue.Acknowledge(9);
        Assert.Equal([10, 11, 12], Peek(queue, 3));
    }

    [Fact]
    public void DiskThatRefuses_IsBridgedInMemoryAndTheOrderStays()
    {
        using var queue = new ReportQueue(DiskSpool.Open(_directory.Path, 1 << 20, _log.Log), _log.Log, _time);
        queue.Append(SpoolExtensions.Report(0, padding: 70_000));
        // The next file cannot be made: its name is taken.
        var obstacle = Directory.CreateDirectory(Path.Combine(_directory.Path, $"{1:D20}.spool"));
        for (var i = 1; i < 20; i++) queue.Append(SpoolExtensions.Report(i));
        Assert.Equal(1, _log.Count("The spool cannot be written"));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => (long)number), Peek(queue, 100));
        Assert.Equal([0, 1, 2], Peek(queue, 3));

        obstacle.Delete();
        queue.Append(SpoolExtensions.Report(20));
        Assert.Equal(1, _log.Count("The spool can be written again"));
        Assert.Equal(Enumerable.Range(0, 21).Select(number => (long)number), Peek(queue, 100));

        queue.Acknowledge(15);
        using var left = new SpoolDirectory(_directory);
        using var next = DiskSpool.Open(left.Path, 1 << 20, _log.Log);
        Assert.Equal([16, 17, 18, 19, 20], next.Waiting());
    }

    [Fact]
    public void FullDisk_KeepsTheReportInMemory()
    {
        // A device that answers every write with "no space left".
        File.CreateSymbolicLink(Path.Combine(_directory.Path, $"{0:D20}.spool"), "/dev/full");
        using var queue = new ReportQueue(DiskSpool.Open(_directory.Path, 1 << 20, _log.Log), _log.Log, _time);
        queue.Append(SpoolExtensions.Report(0));
        Assert.Equal(1, _log.Count("The spool cannot be written"));
        Assert.Equal([0], Peek(queue, 10));
        queue.Append(SpoolExtensions.Report(1));
        Assert.Equal([0, 1], Peek(queue, 10));
        Assert.Equal(1, _log.Count("The spool can be written again"));
    }

    [Fact]
    public async Task Wait_EndsWithTheFirstReport()
    {
        using var queue = new ReportQueue(null, _log.Log, _time);
        var waiting = queue.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        queue.Append(SpoolExtensions.Report(0));
        await WaitFor.Event(waiting, "the end of the wait for a report");
    }

    [Fact]
    public async Task ReportsOfBefore_NeedNoWait()
    {
        using (var before = new ReportQueue(DiskSpool.Open(_directory.Path, 1 << 20, _log.Log), _log.Log, _time)) before.Append(SpoolExtensions.Report(0));
        using var queue = new ReportQueue(DiskSpool.Open(_directory.Path, 1 << 20, _log.Log), _log.Log, _time);
        await WaitFor.Event(queue.WaitAsync(CancellationToken.None), "the end of the wait for a report");
        Assert.Equal(1, queue.NextSequence);
    }

    private static long[] Peek(ReportQueue queue, int maxCount)
    {
        var target = new ByteBuffer();
        queue.Peek(target, maxCount, int.MaxValue, out _);
        return SpoolExtensions.Numbers(target);
    }
}
