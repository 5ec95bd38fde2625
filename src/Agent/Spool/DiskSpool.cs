using System.Buffers;
using System.Globalization;

namespace StatusMonitor.Agent.Spool;

/// <summary>
/// The reports that the server has not acknowledged, in files. What <see cref="Append"/> returned from survives the death of
/// the process at any instruction: it is with the kernel by then. A power cut can take the last seconds, because records are
/// synced to the disk only when a file is full and at the end: a sync per report would keep every disk awake for nothing.
/// </summary>
/// <remarks>
/// Directory: <c>lock</c>, <c>owner</c> (whose lock it is), <c>acknowledged</c> (<see cref="AcknowledgedPosition"/>) and up to <see cref="SegmentsOfFullSpool"/>
/// or so segments, each named after its first sequence number. One thread at a time.
/// </remarks>
internal sealed class DiskSpool : IDisposable
{
    /// <summary>A full spool drops this part of itself to make room.</summary>
    private const int SegmentsOfFullSpool = 16;

    private readonly string _directory;
    private readonly long _maxBytes;
    private readonly AgentLog _log;
    private readonly SpoolLock _lock;
    private readonly AcknowledgedPosition _acknowledged;
    private readonly List<Segment> _segments = [];
    private byte[] _frame = new byte[4_096];
    private bool _hasComplainedOfPosition;

    private DiskSpool(string directory, long maxBytes, AgentLog log)
    {
        _directory = directory;
        _maxBytes = maxBytes;
        _log = log;
        _lock = SpoolLock.Take(directory);
        try
        {
            _acknowledged = new AcknowledgedPosition(Path.Combine(directory, "acknowledged"));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The number for the next report: above all that this spool has ever seen, or 0.</summary>
    public long NextSequence => _segments.Aggregate(_acknowledged.Sequence, static (last, segment) => Math.Max(last, segment.LastSequence)) + 1;

    /// <summary>Reports waiting.</summary>
    public int Count => _segments.Sum(static segment => segment.Count);

    /// <summary>Size of the files.</summary>
    public long Bytes => _segments.Sum(static segment => segment.Length);

    /// <summary>Opens or makes a spool and cuts off what a crash left half-written.</summary>
    /// <param name="directory">Made if it is not there, for its owner alone.</param>
    /// <param name="maxBytes">Size at which the oldest reports are dropped.</param>
    /// <param name="log">Told what is dropped or cut.</param>
    /// <exception cref="SpoolInUseException">Another agent uses it.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static DiskSpool Open(string directory, long maxBytes, AgentLog log)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var spool = new DiskSpool(directory, maxBytes, log);
        try
        {
            spool.Load();
            return spool;
        }
        catch
        {
            spool.Close();
            throw;
        }
    }

    /// <summary>Adds a report.</summary>
    /// <exception cref="IOException">The disk did not take it; the spool is as before.</exception>
    public void Append(long sequence, ReadOnlySpan<byte> report)
    {
        var length = Frame.HeaderBytes + report.Length;
        if (_frame.Length < length) _frame = new byte[length * 2];
        var frame = _frame.AsSpan(0, length);
        Frame.Write(frame, sequence, report);

        MakeRoom(length);
        TailFor(sequence, length).Append(sequence, frame);
    }

    /// <summary>Copies the oldest waiting reports, as JSON separated by commas.</summary>
    /// <param name="target">Receives them.</param>
    /// <param name="maxCount">No more reports than this.</param>
    /// <param name="maxBytes">No more bytes than this, but always one report if there is one.</param>
    /// <param name="last">Sequence number of the last one copied; -1 if there is none.</param>
    /// <returns>How many were copied.</returns>
    public int Peek(ByteBuffer target, int maxCount, int maxBytes, out long last)
    {
        var start = target.Length;
        var count = 0;
        last = -1;
        foreach (var segment in _segments)
        {
            var at = segment.Head;
            for (var inSegment = 0; inSegment < segment.Count; inSegment++)
            {
                if (count == maxCount) return count;
                var before = target.Length;
                if (count > 0) target.Write(","u8);
                var isRead = segment.TryRead(at, last, target, out at, out var sequence);
                if (!isRead || (count > 0 && target.Length - start > maxBytes)) target.Truncate(before);
                if (!isRead)
                {
                    // What comes before the damage is sent first; then it is found again at the head, and given up.
                    if (inSegment > 0) return count;
                    _log.Warning($"The spool file {segment.Path} is damaged: {segment.GiveUp()} reports are lost.");
                    break;
                }

                if (target.Length == before) return count;
                last = sequence;
                count++;
            }
        }

        return count;
    }

    /// <summary>Forgets the reports up to this number.</summary>
    public void Acknowledge(long sequence)
    {
        // First the position, then the files: a crash in between leaves files that the position says are done with.
        try
        {
            _acknowledged.Advance(sequence);
        }
        catch (IOException exception)
        {
            if (!_hasComplainedOfPosition) _log.Warning($"Could not note in the spool what the server acknowledged; after a restart it may get some reports twice, which does no harm. {exception.Message}");
            _hasComplainedOfPosition = true;
        }

        foreach (var segment in _segments) segment.Acknowledge(sequence);
        while (_segments.Count > 1 && _segments[0].Count == 0) RemoveOldest();
        if (_segments is [{ Count: 0, Length: > 0 } tail]) tail.Empty();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (Count > 0) _segments[^1].Flush();
            _acknowledged.Flush();
        }
        catch (IOException exception)
        {
            _log.Warning($"Could not sync the spool: {exception.Message}");
        }

        Close();
    }

    private void Close()
    {
        foreach (var segment in _segments) segment.Dispose();
        _acknowledged.Dispose();
        _lock.Dispose();
    }

    private void Load()
    {
        var files = new List<(long FirstSequence, string Path)>();
        foreach (var path in Directory.EnumerateFiles(_directory, "*.spool"))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first)) files.Add((first, path));
        }

        files.Sort();
        for (var i = 0; i < files.Count; i++)
        {
            // A crash may have come between the acknowledgement and the removal of the file.
            if (i + 1 < files.Count && files[i + 1].FirstSequence <= _acknowledged.Sequence + 1)
            {
                File.Delete(files[i].Path);
                continue;
            }

            var segment = Segment.Load(files[i].Path, files[i].FirstSequence, _acknowledged.Sequence, out var damaged);
            _segments.Add(segment);
            // Half a record at the very end is what a killed process leaves, and worth no alarm.
            if (damaged > 0) _log.Info($"Cut {damaged} bytes of an unfinished or damaged report off the spool file {segment.Path}.");
        }

        Acknowledge(_acknowledged.Sequence);
    }

    private void MakeRoom(int length)
    {
        while (_segments.Count > 0 && Bytes + length > _maxBytes)
        {
            var lost = _segments[0].Count;
            RemoveOldest();
            if (lost > 0) _log.Warning($"The spool is full ({_maxBytes / (1024 * 1024)} MiB): dropped the {lost} oldest reports.");
        }
    }

    private Segment TailFor(long sequence, int length)
    {
        if (_segments is [.., var tail])
        {
            if (!tail.IsClosed && (tail.Length == 0 || tail.Length + length <= _maxBytes / SegmentsOfFullSpool)) return tail;
            if (tail.Length > 0)
            {
                tail.Flush();
            }
            else
            {
                // Nothing but half a record is in it; a file per failed attempt would be too many.
                _segments.RemoveAt(_segments.Count - 1);
                tail.Delete();
            }
        }

        var next = Segment.Create(_directory, sequence);
        _segments.Add(next);
        return next;
    }

    private void RemoveOldest()
    {
        var oldest = _segments[0];
        _segments.RemoveAt(0);
        oldest.Delete();
    }
}
