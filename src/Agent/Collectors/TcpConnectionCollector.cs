using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>Counts the lines of <c>/proc/net/tcp</c> by state, piece by piece and without keeping any.</summary>
internal sealed class TcpStateCounter
{
    /// <summary>Names of the states by their number in the kernel (include/net/tcp_states.h), in the words of <c>ss</c> and <c>netstat</c>.</summary>
    public static readonly string?[] States =
    [
        null, "established", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2", "time_wait", "close", "close_wait", "last_ack", "listen", "closing", "syn_recv",
    ];

    private readonly int[] _counts = new int[States.Length];
    private bool _isHeader = true;
    private int _field;
    private bool _isInField;
    private int _state;

    /// <summary>Connections in a state, by its number.</summary>
    public int this[int state] => _counts[state];

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        BeginTable();
    }

    /// <summary>Expects the header line of another table next.</summary>
    public void BeginTable()
    {
        _isHeader = true;
        (_field, _isInField, _state) = (0, false, 0);
    }

    /// <summary>Takes the next piece, which may begin and end anywhere.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        // "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 …": the fourth field is the state in hexadecimal.
        const int stateField = 4;
        for (var i = 0; i < piece.Length; i++)
        {
            if (_isHeader || _field > stateField)
            {
                var end = piece[i..].IndexOf((byte)'\n');
                if (end < 0) return;
                i += end;
            }

            var character = piece[i];
            if (character == '\n')
            {
                _isHeader = false;
                (_field, _isInField, _state) = (0, false, 0);
                continue;
            }

            var isBlank = character == ' ';
            if (isBlank && _isInField && _field == stateField)
            {
                if (_state > 0 && _state < _counts.Length) _counts[_state]++;
                // The rest of the line is passed over.
                _field++;
            }
            else if (!isBlank && !_isInField)
            {
                _field++;
            }

            _isInField = !isBlank;
            if (_field == stateField && !isBlank) _state = Math.Min(_state * 16 + HexValue(character), 1_000);
        }
    }

    private static int HexValue(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        _ => 100,
    };
}

/// <summary>TCP connections by state, IPv4 and IPv6 together.</summary>
/// <remarks>
/// The kernel lists connections by walking through its whole hash table, which takes milliseconds even where there are
/// few (7 ms on a machine with 24 GB: more than all other collectors together). So they are listed once a minute, and not at
/// all where there are very many. In between the kernel's own counters, which cost nothing, tell the established and the
/// <c>time_wait</c> ones; the other states keep the last number.
/// A state is reported from the first time it was seen, so that its chart ends at zero and not in the void.
/// </remarks>
internal sealed class TcpConnectionCollector : ICollector
{
    /// <summary>More connections than this are not listed: it is 3 MB of text.</summary>
    internal const ulong MaxListed = 20_000;

    /// <summary>Connections are not listed more often than this.</summary>
    internal static readonly TimeSpan ListingPause = TimeSpan.FromMinutes(1);

    private const int Established = 1;
    private const int SynReceived = 3;
    private const int TimeWait = 6;
    private const int CloseWait = 8;
    private const int Listen = 10;
    private const int SynReceivedToo = 12;

    private readonly SystemFiles _files;
    private readonly TimeProvider _time;
    private readonly string _sockstat;
    private readonly string _sockstat6;
    private readonly string _snmp;
    private readonly string _tcp;
    private readonly string _tcp6;
    private readonly TcpStateCounter _listed = new();
    private readonly Action<ReadOnlySpan<byte>> _take;
    private readonly string?[] _series;
    private readonly bool[] _isSeen = new bool[TcpStateCounter.States.Length];
    private long? _listedAt;

    public TcpConnectionCollector(SystemFiles files, TimeProvider time)
    {
        _files = files;
        _time = time;
        _sockstat = files.PathOf("proc/net/sockstat");
        _sockstat6 = files.PathOf("proc/net/sockstat6");
        _snmp = files.PathOf("proc/net/snmp");
        _tcp = files.PathOf("proc/net/tcp");
        _tcp6 = files.PathOf("proc/net/tcp6");
        _take = _listed.Add;
        _series = Array.ConvertAll(
            TcpStateCounter.States,
            state => state is null ? null : SeriesName.Create(KnownSeries.TcpConnections, new SeriesLabel("state", state)).ToString());
        _isSeen[Established] = _isSeen[Listen] = true;
    }

    public string Name => "TCP connections";

    public Outcome Collect(SampleSet samples)
    {
        ulong open = 0, timeWait = 0;
        var hasCounters = _files.TryRead(_sockstat, out var text) && TryParseSockstat(text, "TCP:"u8, ref open, ref timeWait);
        if (_files.TryRead(_sockstat6, out text)) _ = TryParseSockstat(text, "TCP6:"u8, ref open, ref timeWait);
        // Its "established" are those waiting to be closed, too.
        ulong connected = 0;
        hasCounters = hasCounters && _files.TryRead(_snmp, out text) && TryParseConnected(text, out connected);

        if (open + timeWait > MaxListed)
        {
            if (!hasCounters) return Outcome.NoData;
            samples.Add(_series[Established]!, connected);
            samples.Add(_series[TimeWait]!, timeWait);
            _listedAt = null;
            return Outcome.Collected;
        }

        if (!hasCounters || _listedAt is not { } listedAt || _time.GetElapsedTime(listedAt) >= ListingPause)
        {
            if (!TryList()) return Outcome.NoData;
            AddListed(samples);
            return Outcome.Collected;
        }

        _isSeen[TimeWait] |= timeWait > 0;
        samples.Add(_series[Established]!, Math.Max(0, (double)connected - _listed[CloseWait]));
        if (_isSeen[TimeWait]) samples.Add(_series[TimeWait]!, timeWait);
        // What is there already stays.
        AddListed(samples);
        return Outcome.Collected;
    }

    /// <summary>Adds what <c>TCP: inuse 12 orphan 0 tw 3 alloc 20 mem 2</c> says. The number of <c>tw</c> covers IPv6 too.</summary>
    internal static bool TryParseSockstat(ReadOnlySpan<byte> text, ReadOnlySpan<byte> protocol, ref ulong open, ref ulong timeWait)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var fields = new FieldReader(text[range]);
            if (!fields.TryNext(out ReadOnlySpan<byte> name) || !name.SequenceEqual(protocol)) continue;
            while (fields.TryNext(out ReadOnlySpan<byte> key) && fields.TryNext(out ulong number))
            {
                if (key.SequenceEqual("inuse"u8)) open += number;
                else if (key.SequenceEqual("tw"u8)) timeWait += number;
            }

            return true;
        }

        return false;
    }

    /// <summary>Reads <c>CurrEstab</c> out of the two lines of <c>/proc/net/snmp</c> that begin with <c>Tcp:</c>, names above numbers.</summary>
    internal static bool TryParseConnected(ReadOnlySpan<byte> text, out ulong connected)
    {
        connected = 0;
        var column = -1;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (!line.StartsWith("Tcp:"u8)) continue;
            var fields = new FieldReader(line);
            if (column >= 0) return fields.Skip(column) && fields.TryNext(out connected);
            for (var i = 0; fields.TryNext(out ReadOnlySpan<byte> field); i++)
            {
                if (field.SequenceEqual("CurrEstab"u8)) column = i;
            }

            if (column < 0) return false;
        }

        return false;
    }

    private bool TryList()
    {
        _listed.Clear();
        var hasTcp = _files.TryReadPieces(_tcp, _take);
        _listed.BeginTable();
        // Without IPv6 this one is absent.
        var hasTcp6 = _files.TryReadPieces(_tcp6, _take);
        _listedAt = _time.GetTimestamp();
        return hasTcp || hasTcp6;
    }

    private void AddListed(SampleSet samples)
    {
        for (var state = 1; state < TcpStateCounter.States.Length; state++)
        {
            // The kernel tells two kinds of half-open connections apart; people do not.
            if (state == SynReceivedToo) continue;
            var count = _listed[state] + (state == SynReceived ? _listed[SynReceivedToo] : 0);
            _isSeen[state] |= count > 0;
            if (_isSeen[state]) samples.Add(_series[state]!, count);
        }
    }
}
