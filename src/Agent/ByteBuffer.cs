using System.Buffers;

namespace StatusMonitor.Agent;

/// <summary>Bytes that are written one after the other and can be taken back; used again and again.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    // A batch drained from the spool makes this large for once; it need not stay so.
    private const int KeptCapacity = 64 * 1024;

    private byte[] _bytes = new byte[4_096];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written, until something else is.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptCapacity) _bytes = new byte[4_096];
    }

    /// <summary>Takes back all but the first bytes.</summary>
    public void Truncate(int length) => Length = Math.Min(length, Length);

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int count)
    {
        var needed = Length + Math.Max(count, 1);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
    }
}
