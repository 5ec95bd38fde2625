using System.Text.Json;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Sampling;

/// <summary>Takes samples and writes them down as the JSON of a <see cref="Report"/>. One thread at a time.</summary>
internal sealed class Sampler : IDisposable
{
    /// <summary>Time between the two readings that the first report needs for its percentages.</summary>
    public static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(500);

    private readonly CollectorSet _collectors;
    private readonly CollectionClock _clock;
    private readonly double _intervalSeconds;
    private readonly string _bootId;
    private readonly SampleSet _samples = new();
    private readonly ByteBuffer _json = new();
    private readonly Utf8JsonWriter _writer;

    public Sampler(SystemFiles files, CollectorSet collectors, TimeProvider time, TimeSpan interval)
    {
        _collectors = collectors;
        _clock = new CollectionClock(time);
        _intervalSeconds = interval.TotalSeconds;
        // Read once: a machine does not boot while this process lives.
        _bootId = MachineInfo.BootId(files);
        _writer = new Utf8JsonWriter(_json);
    }

    /// <summary>Takes the reading that the first sample is compared with.</summary>
    public void Prime()
    {
        _samples.Clear();
        _collectors.Collect(_samples);
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="sequence">Its number.</param>
    /// <returns>The report as UTF-8 JSON, until the next sample.</returns>
    public ReadOnlyMemory<byte> Collect(long sequence)
    {
        _samples.Clear();
        _collectors.Collect(_samples);
        var report = new Report
        {
            Seq = sequence,
            BootId = _bootId,
            At = _clock.Next(),
            Interval = _intervalSeconds,
            Samples = _samples.Values,
        };
        _json.Clear();
        _writer.Reset();
        JsonSerializer.Serialize(_writer, report, ProtocolJson.Default.Report);
        return _json.Written;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
