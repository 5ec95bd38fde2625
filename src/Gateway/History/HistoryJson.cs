using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>Writes answers number by number into the response as they are; the shapes are those of HistoryViews.</summary>
internal sealed class HistoryJson : IDisposable
{
    private const int FlushAt = 64 * 1024;
    private readonly PipeWriter _output;
    private readonly Utf8JsonWriter _json;
    private readonly CancellationToken _cancellationToken;

    public HistoryJson(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        _output = context.Response.BodyWriter;
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { SkipValidation = true });
        _cancellationToken = context.RequestAborted;
    }

    /// <summary>Begins an answer.</summary>
    public void Start(TimeRange range, HistoryTier tier, long step)
    {
        _json.WriteStartObject();
        _json.WriteNumber("from"u8, range.From);
        _json.WriteNumber("to"u8, range.To);
        _json.WriteString("tier"u8, tier switch { HistoryTier.Raw => "raw"u8, HistoryTier.Minute => "minute"u8, _ => "quarterHour"u8 });
        _json.WriteNumber("step"u8, step);
    }

    public void StartHosts() => _json.WriteStartArray("hosts"u8);

    public void StartHost(long id, string name)
    {
        _json.WriteStartObject();
        _json.WriteNumber("id"u8, id);
        _json.WriteString("name"u8, name);
    }

    public void EndHost() => _json.WriteEndObject();

    public void EndHosts() => _json.WriteEndArray();

    /// <summary>The members of one host: interval, times, series and gaps.</summary>
    public async Task WriteAsync(HostHistory host)
    {
        if (host.Interval is { } interval) _json.WriteNumber("interval"u8, interval);
        else _json.WriteNull("interval"u8);
        Write("times"u8, host.Grid.Times);

        _json.WriteStartArray("series"u8);
        for (var i = 0; i < host.Series.Length; i++)
        {
            StartSeries(host.Series[i]);
            var points = host.Points[i];
            if (!host.IsOfSamples) Write("min"u8, points.Min);
            Write("mean"u8, host.IsOfSamples ? points.Mean : Rounded(points.Min, points.Mean, points.Max));
            if (!host.IsOfSamples) Write("max"u8, points.Max);
            _json.WriteEndObject();
            await FlushAsync();
        }

        _json.WriteEndArray();
        _json.WriteStartArray("gaps"u8);
        foreach (var gap in host.Gaps)
        {
            _json.WriteStartObject();
            _json.WriteNumber("from"u8, gap.From);
            _json.WriteNumber("to"u8, gap.To);
            _json.WriteString("reason"u8, gap.Reason == GapReason.ServerAway ? "server-away"u8 : "host-offline"u8);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    /// <summary>The members of all hosts together: times and series.</summary>
    public async Task WriteAsync(FleetHistory fleet)
    {
        Write("times"u8, fleet.Times);
        _json.WriteStartArray("series"u8);
        foreach (var series in fleet.Series)
        {
            StartSeries(series.Series);
            Write("min"u8, series.Min);
            Write("mean"u8, Rounded(series.Min, series.Mean, series.Max));
            Write("max"u8, series.Max);
            _json.WriteStartArray("hosts"u8);
            foreach (var hosts in series.Hosts) _json.WriteNumberValue(hosts);
            _json.WriteEndArray();
            _json.WriteEndObject();
            await FlushAsync();
        }

        _json.WriteEndArray();
    }

    /// <summary>Ends the answer. What is left of it goes with the end of the response: sent before, it would take a packet more.</summary>
    public void Dispose()
    {
        _json.WriteEndObject();
        _json.Dispose();
    }

    private void StartSeries(SelectedSeries series)
    {
        _json.WriteStartObject();
        _json.WriteString("name"u8, series.Name);
        _json.WriteString("metric"u8, series.Definition.Name);
        _json.WriteStartObject("labels"u8);
        if (series.Name.Length > series.Definition.Name.Length && SeriesName.TryParse(series.Name, out var name, out _))
        {
            foreach (var (label, value) in name.Labels) _json.WriteString(label, value);
        }

        _json.WriteEndObject();
        _json.WriteString("unit"u8, series.Unit);
        _json.WriteString("kind"u8, series.IsCounter ? "counter"u8 : "gauge"u8);
        _json.WriteString("view"u8, series.IsRate ? "rate"u8 : "value"u8);
    }

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<long> values) => Write(name, values, static (value, target) => Utf8Formatter.TryFormat(value, target, out var length) ? length : 0);

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<double> values) => Write(name, values, JsonNumber.Write);

    /// <summary>
    /// Means to six decimals, where they are not so small that this takes digits that count: nothing is measured as exactly, and what a division leaves behind those is half of the text. They stay
    /// between the lowest and the highest.
    /// </summary>
    private static double[] Rounded(double[] min, double[] mean, double[] max)
    {
        const double Decimals = 1e6, Least = 0.001, Most = 1e9;
        var rounded = new double[mean.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            rounded[i] = mean[i];
            if (Math.Abs(mean[i]) is not (>= Least and < Most)) continue;
            var value = Math.Round(mean[i] * Decimals) / Decimals;
            if (value >= min[i] && value <= max[i]) rounded[i] = value;
        }

        return rounded;
    }

    /// <summary>Writes an array as a whole: number by number the writer's own work takes as long as theirs.</summary>
    private void Write<T>(ReadOnlySpan<byte> name, ReadOnlySpan<T> values, Func<T, Span<byte>, int> write)
    {
        var array = ArrayPool<byte>.Shared.Rent(2 + (values.Length * (JsonNumber.MaxLength + 1)));
        var length = 0;
        array[length++] = (byte)'[';
        foreach (var value in values)
        {
            if (length > 1) array[length++] = (byte)',';
            length += write(value, array.AsSpan(length));
        }

        array[length++] = (byte)']';
        _json.WritePropertyName(name);
        _json.WriteRawValue(array.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(array);
    }

    private async ValueTask FlushAsync()
    {
        if (_json.BytesPending + _output.UnflushedBytes < FlushAt) return;
        _json.Flush();
        await _output.FlushAsync(_cancellationToken);
    }
}
