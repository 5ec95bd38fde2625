using System.Globalization;
using System.Text.RegularExpressions;

namespace StatusMonitor.Gateway.History;

/// <summary>
/// A time as people and programs write it in a query: how long ago, a clock's time, or a number. The older system took the same, being literals of its database.
/// </summary>
internal static partial class TimeExpression
{
    /// <summary>What is accepted, to go on after "must be".</summary>
    public const string Accepted =
        "how long ago, such as -5m, -1h30m or -7d (s, m, h, d, w, mo, y), or now(), an ISO 8601 time such as 2026-01-31T12:00:00Z (UTC if it names no zone), a date, or Unix seconds or milliseconds";

    /// <summary>Numbers from here on are milliseconds: as seconds they would be after the year 5000, and as milliseconds they are after 1973.</summary>
    private const long FirstMilliseconds = 100_000_000_000;

    private const int MaxMonths = 12 * 1000;
    private const long MaxMilliseconds = 1000L * 366 * 24 * 3600 * 1000;

    /// <summary>Reads a time as Unix milliseconds, with what is before 1970 as 1970: nothing was measured then.</summary>
    public static bool TryParse(string text, DateTimeOffset now, out long time)
    {
        text = text.Trim();
        if (text is "now()" or "now") time = now.ToUnixTimeMilliseconds();
        else if (!TryParseNumber(text, out time) && !TryParseClock(text, out time) && !TryParseAgo(text, now, out time)) return false;

        time = Math.Max(0, time);
        return true;
    }

    /// <summary>Reads a length of time that is always the same, so without months and years; it is positive.</summary>
    public static bool TryParseLength(string text, out long milliseconds) =>
        TryParseDuration(text.Trim(), out var months, out milliseconds) && months == 0 && milliseconds > 0;

    private static bool TryParseNumber(string text, out long time)
    {
        time = 0;
        if (!NumberText().IsMatch(text)) return false;
        var number = decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var milliseconds = number < FirstMilliseconds ? number * 1000 : number;
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        time = (long)milliseconds;
        return true;
    }

    private static bool TryParseClock(string text, out long time)
    {
        time = 0;
        if (ClockText().Match(text) is not { Success: true } match) return false;

        var clock = match.Groups["time"].Success ? match.Groups["time"].Value : "00:00";
        var second = match.Groups["second"].Success ? match.Groups["second"].Value : "00";
        if (!DateTime.TryParseExact($"{match.Groups["date"].Value}T{clock}:{second}", "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;

        time = new DateTimeOffset(local, TimeSpan.Zero).ToUnixTimeMilliseconds();
        if (match.Groups["fraction"].Success) time += int.Parse(match.Groups["fraction"].Value.PadRight(3, '0')[..3], CultureInfo.InvariantCulture);
        if (!match.Groups["zoneHour"].Success) return true;

        var (hours, minutes) = (int.Parse(match.Groups["zoneHour"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["zoneMinute"].Value, CultureInfo.InvariantCulture));
        if (hours > 14 || minutes > 59) return false;
        var offset = (hours * 60 + minutes) * 60_000L;
        time -= match.Groups["sign"].Value == "-" ? -offset : offset;
        return true;
    }

    private static bool TryParseAgo(string text, DateTimeOffset now, out long time)
    {
        time = 0;
        if (text.Length == 0) return false;
        var sign = text[0] == '-' ? -1 : 1;
        if (!TryParseDuration(text[0] is '-' or '+' or ' ' ? text.AsSpan(1) : text, out var months, out var milliseconds)) return false;
        time = now.AddMonths(sign * months).ToUnixTimeMilliseconds() + sign * milliseconds;
        return true;
    }

    private static bool TryParseDuration(ReadOnlySpan<char> text, out int months, out long milliseconds)
    {
        (months, milliseconds) = (0, 0);
        if (text.IsEmpty) return false;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            // Nine of them: whatever the unit, it cannot overflow.
            if (digits is < 1 or > 9) return false;
            var count = int.Parse(text[..digits], CultureInfo.InvariantCulture);
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9') is var next && next < 0 ? text.Length : next;
            switch (text[..letters])
            {
                case "ns":
                    milliseconds += count / 1_000_000;
                    break;
                case "us" or "µs":
                    milliseconds += count / 1000;
                    break;
                case "ms":
                    milliseconds += count;
                    break;
                case "s":
                    milliseconds += count * 1000L;
                    break;
                case "m":
                    milliseconds += count * 60_000L;
                    break;
                case "h":
                    milliseconds += count * 3_600_000L;
                    break;
                case "d":
                    milliseconds += count * 86_400_000L;
                    break;
                case "w":
                    milliseconds += count * 604_800_000L;
                    break;
                case "mo" when count <= MaxMonths:
                    months += count;
                    break;
                case "y" when count <= MaxMonths / 12:
                    months += count * 12;
                    break;
                default:
                    return false;
            }

            if (months > MaxMonths || milliseconds > MaxMilliseconds) return false;
            text = text[letters..];
        }

        return true;
    }

    [GeneratedRegex(@"^[0-9]{1,15}(\.[0-9]{1,9})?$")]
    private static partial Regex NumberText();

    // A blank for the sign of a zone: what + is in the query of a URL if it is not written %2B.
    [GeneratedRegex(@"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ](?<time>[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?(Z|z|(?<sign>[-+ ])(?<zoneHour>[0-9]{2}):?(?<zoneMinute>[0-9]{2}))?)?$")]
    private static partial Regex ClockText();
}
