using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>How full a filesystem is, in bytes.</summary>
/// <param name="Total">Its size.</param>
/// <param name="Used">What files hold.</param>
/// <param name="Free">What unprivileged programs can still fill; less than the rest where blocks are reserved for root.</param>
internal readonly record struct FilesystemSpace(long Total, long Used, long Free)
{
    /// <summary>Used / (used + free), as <c>df</c> shows it.</summary>
    public double UsedPercent => Used + Free > 0 ? 100.0 * Used / (Used + Free) : 0;

    /// <summary>Asks the kernel; null if it does not tell, or if what is mounted is a single file.</summary>
    public static FilesystemSpace? Measure(string mountPoint)
    {
        if (!Directory.Exists(mountPoint)) return null;
        try
        {
            var drive = new DriveInfo(mountPoint);
            var total = drive.TotalSize;
            // Filesystems of the kernel that we do not know by name have no size.
            return total <= 0 ? null : new FilesystemSpace(total, total - drive.TotalFreeSpace, drive.AvailableFreeSpace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Unmounted since we read the table, or below a directory that we may not enter.
            return null;
        }
    }
}

/// <summary>How full every real filesystem is.</summary>
/// <remarks>
/// The question to a dead file server is answered never, and the thread that asked cannot be ended. So whatever is on a
/// network is asked on a thread of its own, a sample waits a moment for it, and as long as one answer is missing that
/// filesystem is not asked again: it costs one thread, and its values are left away.
/// </remarks>
internal sealed class FilesystemCollector : ICollector
{
    private static readonly TimeSpan PatienceWithNetworks = TimeSpan.FromMilliseconds(250);

    // Beyond this, mounts of dead servers would eat the thread pool.
    private const int MaxAskedAside = 16;

    private readonly SystemFiles _files;
    private readonly AgentLog _log;
    private readonly Func<string, FilesystemSpace?> _measure;
    private readonly string _mountInfo;
    private readonly string _mounts;
    private readonly Dictionary<string, Task<FilesystemSpace?>> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);
    private readonly SeriesByLabel _series = new(
        "mount",
        KnownSeries.DiskTotalBytes,
        KnownSeries.DiskUsedBytes,
        KnownSeries.DiskFreeBytes,
        KnownSeries.DiskUsedPercent);

    private byte[] _table = [];
    private List<Mount> _chosen = [];

    /// <param name="files">Where the table of mounts is read.</param>
    /// <param name="log">Told of filesystems that do not answer.</param>
    /// <param name="measure"><see cref="FilesystemSpace.Measure"/>, except in tests.</param>
    public FilesystemCollector(SystemFiles files, AgentLog log, Func<string, FilesystemSpace?> measure)
    {
        _files = files;
        _log = log;
        _measure = measure;
        _mountInfo = files.PathOf("proc/self/mountinfo");
        _mounts = files.PathOf("proc/mounts");
    }

    public string Name => "filesystems";

    public Outcome Collect(SampleSet samples)
    {
        if (!TryReadTable()) return Outcome.NoData;
        AskAside();
        foreach (var mount in _chosen)
        {
            var space = mount.MayHang ? AnswerOf(mount) : _measure(mount.MountPoint);
            if (space is not { } found) continue;
            var series = _series.For(mount.MountPoint);
            if (series.Length == 0) continue;
            samples.Add(series[0], found.Total);
            samples.Add(series[1], found.Used);
            samples.Add(series[2], found.Free);
            samples.AddPercent(series[3], found.UsedPercent);
        }

        return Outcome.Collected;
    }

    private bool TryReadTable()
    {
        // mountinfo knows bind mounts; it is there since Linux 2.6.26, but not in every sandbox.
        var hasMountInfo = _files.TryRead(_mountInfo, out var text);
        if (!hasMountInfo && !_files.TryRead(_mounts, out text)) return false;

        // The table hardly ever changes.
        if (text.SequenceEqual(_table)) return true;
        _table = text.ToArray();
        _chosen = MountTable.Choose(hasMountInfo ? MountTable.ParseMountInfo(text) : MountTable.ParseMounts(text));
        return true;
    }

    private void AskAside()
    {
        if (_asked.Count >= MaxAskedAside) ForgetUnmounted();
        foreach (var mount in _chosen)
        {
            if (!mount.MayHang || _asked.ContainsKey(mount.MountPoint) || _asked.Count >= MaxAskedAside) continue;
            _asked.Add(mount.MountPoint, Task.Factory.StartNew(
                () => _measure(mount.MountPoint), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));
        }

        if (_asked.Count == 0) return;
        var asked = new Task[_asked.Count];
        var count = 0;
        foreach (var (mountPoint, answer) in _asked)
        {
            // Those that were silent before are looked at, not waited for.
            if (!_silent.Contains(mountPoint)) asked[count++] = answer;
        }

        _ = Task.WhenAll(asked.AsSpan(0, count)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(PatienceWithNetworks);
    }

    private void ForgetUnmounted()
    {
        foreach (var (mountPoint, answer) in _asked)
        {
            if (!answer.IsCompleted || _chosen.Exists(mount => mount.MountPoint == mountPoint)) continue;
            _asked.Remove(mountPoint);
            _silent.Remove(mountPoint);
        }
    }

    private FilesystemSpace? AnswerOf(Mount mount)
    {
        if (!_asked.TryGetValue(mount.MountPoint, out var answer)) return null;
        if (!answer.IsCompleted)
        {
            if (_silent.Add(mount.MountPoint)) _log.Warning($"The {mount.Type} filesystem on {mount.MountPoint} does not answer; its values are left away until it does.");
            return null;
        }

        _asked.Remove(mount.MountPoint);
        if (_silent.Remove(mount.MountPoint)) _log.Info($"The {mount.Type} filesystem on {mount.MountPoint} answers again.");
        return answer.IsCompletedSuccessfully ? answer.Result : null;
    }
}
