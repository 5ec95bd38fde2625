using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace StatusMonitor.Agent.Spool;

/// <summary>
/// Remembers on disk up to which report the server has acknowledged. Two slots in two sectors are written in turn, each with
/// its CRC, so that a slot torn by a power cut leaves the one before; one small write in place per acknowledgement, no sync.
/// </summary>
internal sealed class AcknowledgedPosition : IDisposable
{
    private const int SlotBytes = 12;
    private const int SlotDistance = 512;

    private readonly SafeFileHandle _file;
    private int _nextSlot;

    /// <exception cref="IOException">The file cannot be opened or made.</exception>
    public AcknowledgedPosition(string path)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        for (var slot = 0; slot < 2; slot++)
        {
            if (ReadSlot(slot) is not { } sequence || sequence < Sequence) continue;
            Sequence = sequence;
            _nextSlot = 1 - slot;
        }
    }

    /// <summary>The newest acknowledged report; -1 if there was none.</summary>
    public long Sequence { get; private set; } = -1;

    /// <summary>Remembers a newer one. After a crash right before this the server gets a report twice, which it knows to tell.</summary>
    /// <exception cref="IOException">It is remembered in this process only.</exception>
    public void Advance(long sequence)
    {
        if (sequence <= Sequence) return;
        Sequence = sequence;
        Span<byte> slot = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[8..], Frame.Crc(slot[..8]));
        RandomAccess.Write(_file, slot, _nextSlot * SlotDistance);
        _nextSlot = 1 - _nextSlot;
    }

    /// <summary>Waits until the disk has it.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long? ReadSlot(int slot)
    {
        Span<byte> bytes = stackalloc byte[SlotBytes];
        if (RandomAccess.Read(_file, bytes, slot * SlotDistance) < SlotBytes) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Frame.Crc(bytes[..8])) return null;
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }
}
