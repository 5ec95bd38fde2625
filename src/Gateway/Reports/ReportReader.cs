using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Reports;

/// <summary>
/// Reads the body of <c>POST /api/v1/reports</c> straight into what the grain takes. The usual report, with the series of the one
/// before, is read without making a string; whatever breaks a rule is named by its field.
/// </summary>
internal ref struct ReportReader(ReadOnlySpan<byte> json, AgentSession session, DateTimeOffset now)
{
    private const int MaxErrors = 20;

    // One scratch for each thread: a report's values are copied out of it at their exact number.
    [ThreadStatic]
    private static double[]? _scratch;

    private Utf8JsonReader _json = new(json);

    // A copy: another request with the same token may change the session's meanwhile.
    private ReportShape _shape = session.Shape;
    private Dictionary<string, string[]>? _errors;
    private int _errorCount;
    private HostDescription? _agent;
    private long? _sentAt;
    private ImmutableArray<ProcessSighting>? _processes;
    private ImmutableArray<HostReport>.Builder? _reports;

    /// <summary>The reports, or the problem to answer with.</summary>
    public static (HostReports? Reports, ProblemDetails? Problem) Read(ReadOnlySpan<byte> json, AgentSession session, DateTimeOffset now)
    {
        try
        {
            return new ReportReader(json, session, now).Read();
        }
        catch (JsonException exception)
        {
            return (null, Problems.BadRequest(string.Create(CultureInfo.InvariantCulture, $"The body is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.")));
        }
        catch (InvalidOperationException)
        {
            // The reader found broken UTF-8 or half a surrogate inside a string.
            return (null, Problems.BadRequest("The body holds text that is not valid UTF-8."));
        }
    }

    private (HostReports?, ProblemDetails?) Read()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject) return (null, Problems.BadRequest("The body must be a JSON object with the member 'reports'."));

        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("reports"u8))
            {
                if (ReadReports() is { } limit) return (null, limit);
            }
            else if (_json.ValueTextEquals("agent"u8))
            {
                ReadAgent();
            }
            else if (_json.ValueTextEquals("sentAt"u8))
            {
                _json.Read();
                if (_json.TokenType != JsonTokenType.Null) _sentAt = ReadTime(index: null)?.ToUnixTimeMilliseconds();
            }
            else if (_json.ValueTextEquals("processes"u8))
            {
                if (ReadProcesses() is { } limit) return (null, limit);
            }
            else
            {
                _json.Skip();
            }
        }

        if (_json.Read()) throw new JsonException();
        if (_reports is null) Error("reports", "is missing");
        else if (_reports.Count == 0 && _errors is null) Error("reports", "must hold at least one report");
        session.Shape = _shape;
        return _errors is null ? (new HostReports(session.Token, _agent, _reports!.DrainToImmutable(), _sentAt, _processes), null) : (null, Problems.Invalid(_errors));
    }

    private ProblemDetails? ReadReports()
    {
        _json.Read();
        _reports = ImmutableArray.CreateBuilder<HostReport>();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Error("reports", "must be an array");
            _json.Skip();
            return null;
        }

        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == ReportLimits.MaxReportsPerBatch)
            {
                return Problems.LimitExceeded(400, $"A batch holds at most {ReportLimits.MaxReportsPerBatch} reports.");
            }

            if (_json.TokenType != JsonTokenType.StartObject)
            {
                Error($"reports[{index}]", "must be an object");
                _json.Skip();
            }
            else if (ReadReport(index) is { } limit)
            {
                return limit;
            }
        }

        return null;
    }

    private ProblemDetails? ReadReport(int index)
    {
        long? sequence = null;
        string? bootId = null;
        DateTimeOffset? at = null;
        double? interval = null;
        ImmutableArray<double> values = default;
        var errorsBefore = _errorCount;

        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("samples"u8))
            {
                if (ReadSamples(index, out values) is { } limit) return limit;
            }
            else if (_json.ValueTextEquals("seq"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var number) && number >= 0) sequence = number;
                else Error($"reports[{index}].seq", "must be an integer of 0 or more", skip: true);
            }
            else if (_json.ValueTextEquals("bootId"u8))
            {
                _json.Read();
                bootId = ReadBootId(index);
            }
            else if (_json.ValueTextEquals("at"u8))
            {
                _json.Read();
                at = ReadTime(index);
            }
            else if (_json.ValueTextEquals("interval"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.Number && _json.GetDouble() is var seconds
                    && seconds >= ReportLimits.MinInterval.TotalSeconds && seconds <= ReportLimits.MaxInterval.TotalSeconds) interval = seconds;
                else Error($"reports[{index}].interval", $"must be a number of {ReportLimits.MinInterval.TotalSeconds} to {ReportLimits.MaxInterval.TotalSeconds} seconds", skip: true);
            }
            else
            {
                _json.Skip();
            }
        }

        if (errorsBefore == _errorCount)
        {
            if (sequence is null) Error($"reports[{index}].seq", "is missing");
            if (bootId is null) Error($"reports[{index}].bootId", "is missing");
            if (at is null) Error($"reports[{index}].at", "is missing");
            if (interval is null) Error($"reports[{index}].interval", "is missing");
            if (values.IsDefault) Error($"reports[{index}].samples", "is missing");
        }

        if (errorsBefore == _errorCount)
        {
            _reports!.Add(new HostReport(sequence!.Value, bootId!, at!.Value.ToUnixTimeMilliseconds(), TimeSpan.FromSeconds(interval!.Value), _shape.Series, values));
        }

        return null;
    }

    /// <summary>Reads the samples; afterwards the shape is theirs.</summary>
    private ProblemDetails? ReadSamples(int index, out ImmutableArray<double> values)
    {
        values = default;
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Error($"reports[{index}].samples", "must be an object of numbers by series", skip: true);
            return null;
        }

        var scratch = _scratch ??= new double[ReportLimits.MaxSeriesPerReport];
        var expected = _shape.Spellings;
        NewShape? changed = null;
        var count = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (count == ReportLimits.MaxSeriesPerReport)
            {
                return Problems.LimitExceeded(400, $"A report holds at most {ReportLimits.MaxSeriesPerReport} series; reports[{index}].samples has more.");
            }

            if (changed is not null || count >= expected.Length || !_json.ValueTextEquals(expected[count]))
            {
                changed ??= new NewShape(_shape, count);
                var spelling = _json.GetString()!;
                if (changed.Add(spelling) is { } error) Error($"reports[{index}].samples[{Quoted(spelling)}]", error);
            }

            _json.Read();
            if (_json.TokenType != JsonTokenType.Number || _json.GetDouble() is var value && !double.IsFinite(value))
            {
                var series = changed is null ? _shape.Series.Names[count] : changed.Last;
                Error($"reports[{index}].samples[{Quoted(series)}]", "must be a finite number", skip: true);
            }
            else
            {
                scratch[count] = value;
            }

            count++;
        }

        // Fewer series than before, and all as before, is another shape too.
        if (changed is null && count < expected.Length) changed = new NewShape(_shape, count);
        if (_errors is null && changed is not null) _shape = changed.Build();
        values = ImmutableCollectionsMarshal.AsImmutableArray(scratch.AsSpan(0, count).ToArray());
        return null;
    }

    private string? ReadBootId(int index)
    {
        if (_json.TokenType == JsonTokenType.String)
        {
            var before = session.BootId;
            if (before.Length > 0 && _json.ValueTextEquals(before)) return before;
            var bootId = _json.GetString()!;
            if (bootId.Length is > 0 and <= ReportLimits.MaxBootIdLength && !bootId.Any(char.IsControl)) return session.BootId = bootId;
        }

        Error($"reports[{index}].bootId", $"must be a text of 1 to {ReportLimits.MaxBootIdLength} characters without control characters", skip: true);
        return null;
    }

    private DateTimeOffset? ReadTime(int? index)
    {
        if (_json.TokenType != JsonTokenType.String || _json.ValueSpan.Length > 64 || !HasZone(_json.ValueSpan) || !_json.TryGetDateTimeOffset(out var at))
        {
            Error(TimeField(index), "must be a time in ISO 8601 with its offset, such as 2026-01-31T12:00:00.000Z", skip: true);
            return null;
        }

        if (at < ReportLimits.Earliest) Error(TimeField(index), $"lies before {ReportLimits.Earliest:yyyy-MM-dd}; the clock was never set");
        if (at > now + ReportLimits.MaxAhead) Error(TimeField(index), $"lies more than {ReportLimits.MaxAhead.TotalHours} hours ahead of the server's clock, {now:yyyy-MM-ddTHH:mm:ssZ}");
        return at;
    }

    private static string TimeField(int? index) => index is null ? "sentAt" : $"reports[{index}].at";

    private ProblemDetails? ReadProcesses()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Error("processes", "must be an array", skip: true);
            return null;
        }

        var processes = ImmutableArray.CreateBuilder<ProcessSighting>();
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == ReportLimits.MaxProcesses) return Problems.LimitExceeded(400, $"A batch holds at most {ReportLimits.MaxProcesses} processes.");
            if (_json.TokenType != JsonTokenType.StartObject) Error($"processes[{index}]", "must be an object", skip: true);
            else if (ReadProcess(index) is { } process) processes.Add(process);
        }

        _processes = processes.ToImmutable();
        return null;
    }

    private ProcessSighting? ReadProcess(int index)
    {
        int? id = null;
        string? name = null;
        double? cpu = null;
        long? memory = null;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("id"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) && number >= 0) id = number;
                else _json.Skip();
            }
            else if (_json.ValueTextEquals("name"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.String && _json.GetString() is { Length: > 0 and <= ReportLimits.MaxProcessNameLength } text && !text.Any(char.IsControl)) name = text;
                else _json.Skip();
            }
            else if (_json.ValueTextEquals("cpuPercent"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.Number && _json.GetDouble() is >= 0 and < double.PositiveInfinity and var percent) cpu = percent;
                else _json.Skip();
            }
            else if (_json.ValueTextEquals("memoryBytes"u8))
            {
                _json.Read();
                if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var bytes) && bytes >= 0) memory = bytes;
                else _json.Skip();
            }
            else
            {
                _json.Skip();
            }
        }

        if (id is { } processId && name is not null && cpu is { } cpuPercent && memory is { } memoryBytes) return new ProcessSighting(processId, name, cpuPercent, memoryBytes);
        Error($"processes[{index}]", $"must have id and memoryBytes (integers of 0 or more), cpuPercent (a number of 0 or more) and name (1 to {ReportLimits.MaxProcessNameLength} characters without control characters)");
        return null;
    }

    /// <summary>Without an offset a time would be read as the server's own local time.</summary>
    private static bool HasZone(ReadOnlySpan<byte> text) => text.Length > 0 && (text[^1] is (byte)'Z' or (byte)'z' || text.Length > 19 && text[19..].IndexOfAny((byte)'+', (byte)'-') >= 0);

    private void ReadAgent()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null) return;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Error("agent", "must be an object", skip: true);
            return;
        }

        string? version = null, hostname = null, os = null, kernel = null, architecture = null, cpu = null;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            if (_json.ValueTextEquals("version"u8)) version = ReadText("agent.version");
            else if (_json.ValueTextEquals("hostname"u8)) hostname = ReadText("agent.hostname");
            else if (_json.ValueTextEquals("os"u8)) os = ReadText("agent.os");
            else if (_json.ValueTextEquals("kernel"u8)) kernel = ReadText("agent.kernel");
            else if (_json.ValueTextEquals("architecture"u8)) architecture = ReadText("agent.architecture");
            else if (_json.ValueTextEquals("cpu"u8)) cpu = ReadText("agent.cpu");
            else _json.Skip();
        }

        _agent = new HostDescription(version, hostname, os, kernel, architecture, cpu);
    }

    private string? ReadText(string field)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null) return null;
        if (_json.TokenType == JsonTokenType.String && _json.GetString() is { Length: <= ReportLimits.MaxAgentInfoLength } text && !text.Any(char.IsControl)) return text;
        Error(field, $"must be a text of at most {ReportLimits.MaxAgentInfoLength} characters without control characters", skip: true);
        return null;
    }

    private static string Quoted(string text) => $"'{string.Concat(text.Take(120).Select(static c => char.IsControl(c) ? '?' : c))}'";

    /// <param name="field">The field.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="skip">The reader stands on the field's value, which may have members of its own.</param>
    private void Error(string field, string message, bool skip = false)
    {
        if (skip) _json.Skip();
        _errorCount++;
        _errors ??= [];
        if (_errors.Count < MaxErrors) _errors.TryAdd(field, [message]);
    }

    /// <summary>A shape in the making: it begins like the one before and then differs.</summary>
    private sealed class NewShape
    {
        private readonly List<string> _spellings = [];
        private readonly List<string> _names = [];
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public NewShape(ReportShape before, int alike)
        {
            for (var i = 0; i < alike; i++)
            {
                _spellings.Add(System.Text.Encoding.UTF8.GetString(before.Spellings[i]));
                _names.Add(before.Series.Names[i]);
                _seen.Add(before.Series.Names[i]);
            }
        }

        public string Last => _spellings[^1];

        /// <summary>Adds a series; returns what is wrong with it, or null.</summary>
        public string? Add(string spelling)
        {
            _spellings.Add(spelling);
            if (!SeriesName.TryParse(spelling, out var series, out var error)) return error;
            var name = SeriesNamePool.Share(series.ToString());
            _names.Add(name);
            return _seen.Add(name) ? null : "is there twice";
        }

        public ReportShape Build() => ReportShape.Of(_spellings, [.. _names]);
    }
}
