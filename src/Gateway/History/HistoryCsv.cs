using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Net.Http.Headers;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>Writes rows of <c>time,host,series,min,mean,max</c> into the response, RFC 4180. It holds a buffer's worth of them at most.</summary>
internal sealed class HistoryCsv
{
    private const int FlushAt = 32 * 1024;
    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n");
    private readonly PipeWriter _output;
    private readonly CancellationToken _cancellationToken;

    /// <param name="context">The request.</param>
    /// <param name="subject">What the file is of, for its name.</param>
    /// <param name="range">Of when, for its name.</param>
    public HistoryCsv(HttpContext context, string subject, TimeRange range)
    {
        var response = context.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{subject} {FileTime(range.From)} {FileTime(range.To)}.csv");
        response.Headers.ContentDisposition = disposition.ToString();
        _output = response.BodyWriter;
        _cancellationToken = context.RequestAborted;
        Write("time,host,series,min,mean,max\r\n"u8);
    }

    /// <summary>The rows of a host, by time, then in the order of the series. Points without a value have none.</summary>
    public async Task WriteAsync(string host, HostHistory history)
    {
        var hostField = Field(host);
        byte[][] seriesFields = [.. history.Series.Select(series => Field(series.Name))];
        for (var i = 0; i < history.Grid.Times.Length; i++)
        {
            for (var series = 0; series < seriesFields.Length; series++)
            {
                var points = history.Points[series];
                if (double.IsFinite(points.Mean[i])) Write(history.Grid.Times[i], hostField, seriesFields[series], points.Min[i], points.Mean[i], points.Max[i]);
            }

            if (_output.UnflushedBytes >= FlushAt) await _output.FlushAsync(_cancellationToken);
        }
    }

    /// <summary>The rows of all hosts together.</summary>
    public async Task WriteAsync(FleetHistory fleet)
    {
        byte[][] seriesFields = [.. fleet.Series.Select(series => Field(series.Series.Name))];
        for (var i = 0; i < fleet.Times.Length; i++)
        {
            for (var series = 0; series < seriesFields.Length; series++)
            {
                var points = fleet.Series[series];
                if (double.IsFinite(points.Mean[i])) Write(fleet.Times[i], "fleet"u8, seriesFields[series], points.Min[i], points.Mean[i], points.Max[i]);
            }

            if (_output.UnflushedBytes >= FlushAt) await _output.FlushAsync(_cancellationToken);
        }
    }

    /// <summary>Sends what is left.</summary>
    public async Task EndAsync() => await _output.FlushAsync(_cancellationToken);

    /// <summary>A text as a field: quoted if it needs to be.</summary>
    internal static byte[] Field(string text) =>
        Encoding.UTF8.GetBytes(text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);

    private static string FileTime(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private void Write(long time, ReadOnlySpan<byte> host, ReadOnlySpan<byte> series, double min, double mean, double max)
    {
        // A time has 24 bytes and a number at most 24, so there is room for them, the commas and the end.
        const int Numbers = 4 * 25 + 8;
        var row = _output.GetSpan(host.Length + series.Length + Numbers);
        DateTimeOffset.FromUnixTimeMilliseconds(time).TryFormat(row, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        row[length++] = (byte)',';
        host.CopyTo(row[length..]);
        length += host.Length;
        row[length++] = (byte)',';
        series.CopyTo(row[length..]);
        length += series.Length;
        length = Append(row, length, min);
        length = Append(row, length, mean);
        length = Append(row, length, max);
        row[length++] = (byte)'\r';
        row[length++] = (byte)'\n';
        _output.Advance(length);
    }

    private static int Append(Span<byte> row, int length, double value)
    {
        row[length++] = (byte)',';
        value.TryFormat(row[length..], out var written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.GetSpan(bytes.Length));
        _output.Advance(bytes.Length);
    }
}
