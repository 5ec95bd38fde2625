using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>How counters are shown.</summary>
internal enum HistoryView
{
    /// <summary>Counters as rates.</summary>
    Auto,

    /// <summary>Counters as the totals that they are.</summary>
    Value,

    /// <summary>Counters as rates.</summary>
    Rate,
}

/// <summary>What part of the past to show, and how.</summary>
/// <param name="Series">1 to 32 times: a full name, a name without labels for all of them, or labels with globs, such as <c>net.rx.bytes{nic=eth*}</c>.</param>
/// <param name="From">Begin; default <c>-1h</c>. How long ago (<c>-5m</c>, <c>-1h30m</c>; s, m, h, d, w, mo, y), <c>now()</c>, ISO 8601 (UTC if it names no zone), a date, or Unix seconds or milliseconds.</param>
/// <param name="To">End, which is not part of it; default <c>now()</c>.</param>
/// <param name="Points">At most so many points a series, 1 to 2000; default 300, and for CSV as many as there are.</param>
/// <param name="View"><c>auto</c> or <c>rate</c>: counters as rates per second; <c>value</c>: as the totals they are.</param>
/// <param name="Format"><c>json</c> or <c>csv</c>; default what the header Accept says, or JSON.</param>
internal sealed record HistoryParameters(string[]? Series, string? From, string? To, string? Points, string? View, string? Format);

/// <summary>The same of several hosts.</summary>
/// <param name="Host">2 to 8 times: the id of a host.</param>
/// <param name="Series"><inheritdoc cref="HistoryParameters" path="/param[@name='Series']"/></param>
/// <param name="From"><inheritdoc cref="HistoryParameters" path="/param[@name='From']"/></param>
/// <param name="To"><inheritdoc cref="HistoryParameters" path="/param[@name='To']"/></param>
/// <param name="Points"><inheritdoc cref="HistoryParameters" path="/param[@name='Points']"/></param>
/// <param name="View"><inheritdoc cref="HistoryParameters" path="/param[@name='View']"/></param>
/// <param name="Format"><inheritdoc cref="HistoryParameters" path="/param[@name='Format']"/></param>
internal sealed record HistoryOfHostsParameters(string[]? Host, string[]? Series, string? From, string? To, string? Points, string? View, string? Format);

/// <summary>A query that can be answered.</summary>
/// <param name="Selectors">What series.</param>
/// <param name="SelectorsText">The same as one text: equal for equal queries.</param>
/// <param name="Range">What part of the past.</param>
/// <param name="Points">How many points at most; null: all there are, which only CSV gives.</param>
/// <param name="View">How counters are shown.</param>
/// <param name="IsCsv">Whether it is answered as CSV.</param>
/// <param name="Plan">What it is read from, and in what steps.</param>
internal sealed record HistoryRequest(ImmutableArray<SeriesSelector> Selectors, string SelectorsText, TimeRange Range, int? Points, HistoryView View, bool IsCsv, HistoryPlan Plan)
{
    public const int MaxSelectors = 32;
    public const int MaxSeries = 200;
    public const int MaxPoints = 2000;
    private const int DefaultPoints = 300;

    /// <summary>What is wrong if more series are picked than may be.</summary>
    public static Dictionary<string, string[]> TooManySeries { get; } = new() { ["series"] = [$"must match at most {MaxSeries} series; name fewer, or fewer of their labels"] };

    /// <summary>Reads a query; null, with what is wrong by field, if it cannot be answered.</summary>
    public static HistoryRequest? Read(HistoryParameters parameters, string? accept, HistoryOptions options, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var selectors = ReadSelectors(parameters.Series, errors);
        var range = ReadRange(parameters.From, parameters.To, now, errors);
        var view = ReadView(parameters.View, errors);
        var isCsv = ReadIsCsv(parameters.Format, accept, errors);
        var points = ReadPoints(parameters.Points, isCsv, errors);
        if (errors.Count > 0) return null;

        var milliseconds = now.ToUnixTimeMilliseconds();
        var plan = points is { } most ? HistoryPlan.Choose(range, most, options, milliseconds) : HistoryPlan.Everything(range, options, milliseconds);
        return new HistoryRequest(selectors, string.Join('\n', parameters.Series!), range, points, view, isCsv, plan);
    }

    private static ImmutableArray<SeriesSelector> ReadSelectors(string[]? texts, Dictionary<string, string[]> errors)
    {
        if (texts is null || texts.Length is 0 or > MaxSelectors)
        {
            errors["series"] = [$"must be there 1 to {MaxSelectors} times: a full name such as cpu.percent, or one with globs in its labels such as net.rx.bytes{{nic=eth*}}"];
            return [];
        }

        var selectors = ImmutableArray.CreateBuilder<SeriesSelector>(texts.Length);
        var problems = new List<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (SeriesSelector.TryParse(texts[i], out var selector, out var problem)) selectors.Add(selector);
            else problems.Add(string.Create(CultureInfo.InvariantCulture, $"number {i + 1} {problem}"));
        }

        if (problems.Count > 0) errors["series"] = [.. problems];
        return selectors.ToImmutable();
    }

    private static TimeRange ReadRange(string? from, string? to, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var begin = ReadTime("from", from, "-1h", now, errors);
        // What is to come is not known yet.
        var end = Math.Min(ReadTime("to", to, "now()", now, errors), now.ToUnixTimeMilliseconds());
        if (begin >= end && !errors.ContainsKey("from") && !errors.ContainsKey("to")) errors["from"] = ["must be before to, and before now"];
        return new TimeRange(begin, end);
    }

    private static long ReadTime(string field, string? text, string otherwise, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        if (!TimeExpression.TryParse(string.IsNullOrWhiteSpace(text) ? otherwise : text, now, out var time)) errors[field] = [$"must be {TimeExpression.Accepted}"];
        return time;
    }

    private static HistoryView ReadView(string? text, Dictionary<string, string[]> errors)
    {
        switch (text)
        {
            case null or "" or "auto":
                return HistoryView.Auto;
            case "value":
                return HistoryView.Value;
            case "rate":
                return HistoryView.Rate;
            default:
                errors["view"] = ["must be auto, value or rate"];
                return default;
        }
    }

    private static bool ReadIsCsv(string? text, string? accept, Dictionary<string, string[]> errors)
    {
        switch (text)
        {
            case null or "":
                return accept?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true;
            case "json" or "csv":
                return text == "csv";
            default:
                errors["format"] = ["must be json or csv"];
                return default;
        }
    }

    private static int? ReadPoints(string? text, bool isCsv, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return isCsv ? null : DefaultPoints;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var points) && points is >= 1 and <= MaxPoints) return points;
        errors["points"] = [$"must be 1 to {MaxPoints}"];
        return null;
    }
}
