using System.Buffers;

namespace StatusMonitor.Agent.Spool;

/// <summary>
/// The reports on their way from the sampler to the sender, oldest first: on disk, and in memory as long as the disk takes
/// nothing. Safe to use from both at once.
/// </summary>
internal sealed class ReportQueue : IDisposable
{
    /// <summary>Reports kept in memory if there is no disk to keep them on: some megabytes, and 83 minutes at 5 s.</summary>
    public const int MaxInMemory = 1_000;

    private readonly DiskSpool? _disk;
    private readonly AgentLog _log;
    private readonly LossLog _losses;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    // Always younger than what is on disk.
    private readonly Queue<(long Sequence, byte[] Report)> _memory = [];
    private bool _isDiskFailing;
    private long _nextSequence;

    /// <param name="disk">Null if no spool could be opened; the queue takes it over.</param>
    /// <param name="log">Told what is dropped and when the disk fails.</param>
    /// <param name="time">Paces those messages.</param>
    public ReportQueue(DiskSpool? disk, AgentLog log, TimeProvider time)
    {
        _disk = disk;
        _log = log;
        _losses = new LossLog(log, time);
        _nextSequence = disk?.NextSequence ?? 0;
        if (Count > 0) _arrived.Release();
    }

    /// <summary>The number of the next report.</summary>
    public long NextSequence
    {
        get
        {
            lock (_lock) return _nextSequence;
        }
    }

    /// <summary>Reports waiting.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return (_disk?.Count ?? 0) + _memory.Count;
        }
    }

    /// <summary>Adds the report with the number <see cref="NextSequence"/>. Never fails: at worst the oldest report in memory is dropped.</summary>
    public void Append(ReadOnlySpan<byte> report)
    {
        lock (_lock)
        {
            var sequence = _nextSequence++;
            if (!TryAppendToDisk(sequence, report))
            {
                if (_memory.Count == MaxInMemory)
                {
                    _memory.Dequeue();
                    _losses.Lost(1, $"only {MaxInMemory} fit into memory, and the spool cannot be written.");
                }

                _memory.Enqueue((sequence, report.ToArray()));
            }

            if (_arrived.CurrentCount == 0) _arrived.Release();
        }
    }

    /// <summary>Waits until there is a report.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Count == 0) await _arrived.WaitAsync(cancellationToken);
    }

    /// <summary>Copies the oldest waiting reports as JSON separated by commas; they stay until <see cref="Acknowledge"/>.</summary>
    /// <inheritdoc cref="DiskSpool.Peek"/>
    public int Peek(ByteBuffer target, int maxCount, int maxBytes, out long last)
    {
        lock (_lock)
        {
            var start = target.Length;
            last = -1;
            var count = _disk?.Peek(target, maxCount, maxBytes, out last) ?? 0;
            // Unread reports on disk come before those in memory.
            if (count < (_disk?.Count ?? 0)) return count;
            foreach (var (sequence, report) in _memory)
            {
                if (count == maxCount || (count > 0 && target.Length - start + report.Length >= maxBytes)) break;
                if (count > 0) target.Write(","u8);
                target.Write(report);
                last = sequence;
                count++;
            }

            return count;
        }
    }

    /// <summary>Forgets the reports up to this number: the server has them, or will never take them.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_lock)
        {
            _disk?.Acknowledge(sequence);
            while (_memory.TryPeek(out var oldest) && oldest.Sequence <= sequence) _memory.Dequeue();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disk?.Dispose();
            _arrived.Dispose();
        }
    }

    private bool TryAppendToDisk(long sequence, ReadOnlySpan<byte> report)
    {
        if (_disk is null) return false;
        try
        {
            // What waits in memory is older.
            while (_memory.TryPeek(out var oldest))
            {
                _disk.Append(oldest.Sequence, oldest.Report);
                _memory.Dequeue();
            }

            _disk.Append(sequence, report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_isDiskFailing) _log.Warning($"The spool cannot be written, up to {MaxInMemory} reports are kept in memory until it can. {exception.Message}");
            _isDiskFailing = true;
            return false;
        }

        if (_isDiskFailing) _log.Info("The spool can be written again.");
        _isDiskFailing = false;
        return true;
    }
}
