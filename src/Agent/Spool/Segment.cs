using Microsoft.Win32.SafeHandles;

namespace StatusMonitor.Agent.Spool;

/// <summary>One file of the spool: records with rising sequence numbers, of which those before <see cref="Head"/> are done with.</summary>
internal sealed class Segment : IDisposable
{
    private readonly SafeFileHandle _file;

    private Segment(string path, long firstSequence, SafeFileHandle file)
    {
        Path = path;
        FirstSequence = firstSequence;
        _file = file;
    }

    public string Path { get; }

    /// <summary>What the file is named after. Its records have this number or a higher one, those of older files a lower one.</summary>
    public long FirstSequence { get; }

    /// <summary>Bytes of intact records.</summary>
    public long Length { get; private set; }

    /// <summary>Where the oldest record begins that is not done with.</summary>
    public long Head { get; private set; }

    /// <summary>Records from <see cref="Head"/> on.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence number of the newest record ever written here; -1 before the first.</summary>
    public long LastSequence { get; private set; } = -1;

    /// <summary>Set when something half-written could not be taken back: nothing may be written behind it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Makes the file for records from this number on, or opens it empty if a crash left it.</summary>
    /// <exception cref="IOException">The directory cannot be written to.</exception>
    public static Segment Create(string directory, long firstSequence)
    {
        var path = System.IO.Path.Combine(directory, $"{firstSequence:D20}.spool");
        return new Segment(path, firstSequence, Open(path));
    }

    /// <summary>Opens what an earlier process wrote and goes over its records.</summary>
    /// <param name="path">A file named by <see cref="Create"/>.</param>
    /// <param name="firstSequence">The number in its name.</param>
    /// <param name="acknowledged">Records up to this number are done with.</param>
    /// <param name="damagedBytes">Bytes behind the last intact record: what was being written when the process died, or a damaged file.</param>
    public static Segment Load(string path, long firstSequence, long acknowledged, out long damagedBytes)
    {
        var segment = new Segment(path, firstSequence, Open(path));
        var size = RandomAccess.GetLength(segment._file);
        segment.Length = size;
        var report = new ByteBuffer();
        long at = 0;
        while (at < size && segment.TryRead(at, segment.LastSequence, report, out var next, out var sequence))
        {
            report.Clear();
            segment.LastSequence = sequence;
            if (sequence <= acknowledged) segment.Head = next;
            else segment.Count++;
            at = next;
        }

        segment.Length = at;
        damagedBytes = size - at;
        if (damagedBytes > 0) RandomAccess.SetLength(segment._file, at);
        return segment;
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">It was not written (a full disk); the file is as before, or <see cref="IsClosed"/>.</exception>
    public void Append(long sequence, ReadOnlySpan<byte> frame)
    {
        try
        {
            RandomAccess.Write(_file, frame, Length);
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }

        Length += frame.Length;
        LastSequence = sequence;
        Count++;
    }

    /// <summary>Reads the record at a position into <paramref name="target"/>; false if it is not intact.</summary>
    /// <param name="at">From <see cref="Head"/> up to <see cref="Length"/>.</param>
    /// <param name="after">Records have a higher number than this one.</param>
    /// <param name="target">Receives the report.</param>
    /// <param name="next">Where the next record begins.</param>
    /// <param name="sequence">The record's number.</param>
    public bool TryRead(long at, long after, ByteBuffer target, out long next, out long sequence)
    {
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        if (!TryReadHeader(at, header, out var bytes, out sequence, out next) || sequence <= after) return false;
        var report = target.GetSpan(bytes)[..bytes];
        if (!TryFill(report, at + Frame.HeaderBytes) || !Frame.IsIntact(header, report)) return false;
        target.Advance(bytes);
        return true;
    }

    /// <summary>Moves <see cref="Head"/> behind the records up to this number.</summary>
    public void Acknowledge(long sequence)
    {
        if (sequence >= LastSequence)
        {
            (Head, Count) = (Length, 0);
            return;
        }

        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        while (Count > 0 && TryReadHeader(Head, header, out _, out var first, out var next) && first <= sequence)
        {
            Head = next;
            Count--;
        }
    }

    /// <summary>Gives up what cannot be read, from <see cref="Head"/> to the end.</summary>
    /// <returns>How many records that are.</returns>
    public int GiveUp()
    {
        var lost = Count;
        (Head, Count) = (Length, 0);
        return lost;
    }

    /// <summary>Makes the file empty, for when all of it is done with: what never stays for long hardly ever reaches the disk.</summary>
    public void Empty()
    {
        RandomAccess.SetLength(_file, 0);
        (Length, Head, Count) = (0, 0, 0);
        IsClosed = false;
    }

    /// <summary>Waits until the disk has it, so that a power cut does not take it.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <summary>Removes the file.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(Path);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private bool TryReadHeader(long at, Span<byte> header, out int bytes, out long sequence, out long next)
    {
        next = at;
        bytes = 0;
        sequence = -1;
        if (Length - at < Frame.HeaderBytes || !TryFill(header, at) || !Frame.TryReadHeader(header, out bytes, out sequence)) return false;
        next = at + Frame.HeaderBytes + bytes;
        return next <= Length;
    }

    private bool TryFill(Span<byte> target, long at)
    {
        try
        {
            while (target.Length > 0)
            {
                var read = RandomAccess.Read(_file, target, at);
                if (read == 0) return false;
                target = target[read..];
                at += read;
            }

            return true;
        }
        catch (IOException)
        {
            // A disk that fails: the same as a damaged record.
            return false;
        }
    }

    private void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(_file, Length);
        }
        catch (IOException)
        {
            IsClosed = true;
        }
    }
}
