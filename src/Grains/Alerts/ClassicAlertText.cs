using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StatusMonitor.Grains.Alerts;

/// <summary>
/// What the older StatusMonitor told its recipient, to the character, in Telegram's older Markdown. One thing differs: a host's name is escaped. There a name with
/// an underscore or a star made Telegram refuse the message, and nobody was told.
/// </summary>
public static partial class ClassicAlertText
{
    /// <summary>Setting of the classic channel: the chat.</summary>
    public const string ChatSetting = "chat";

    /// <summary>The message of a <see cref="TransitionKind.Classic"/>.</summary>
    public static string Of(AlertTransition transition) => Of(transition.HostName, transition.Rule.ClassicMetric ?? "", transition.Value ?? 0, transition.Rule.Condition, transition.Rule.Threshold);

    /// <summary>The message.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="metric"><c>cpu</c>, <c>memory</c> or <c>disk</c>.</param>
    /// <param name="value">The value, percent.</param>
    /// <param name="condition"><see cref="AlertCondition.Above"/> or <see cref="AlertCondition.Below"/>.</param>
    /// <param name="threshold">The threshold, percent.</param>
    public static string Of(string host, string metric, double value, AlertCondition condition, double threshold) =>
        $"🚨 {Bold($"Alert for {(host == "unknown" ? "Unknown Agent" : host)}")}\n\nMetric: {metric.ToUpperInvariant()}\nCurrent Value: {OneDecimal(value)}%\nThreshold: {(condition == AlertCondition.Above ? '>' : '<')} {Number(threshold)}%\n";

    /// <summary>Text in bold. Within bold nothing can be escaped, so it ends before each character that means something, and begins again after it.</summary>
    private static string Bold(string text)
    {
        var markdown = new StringBuilder();
        foreach (var part in Special().Split(text).Where(part => part.Length > 0)) markdown.Append(Special().IsMatch(part) ? $"\\{part}" : $"*{part}*");
        return markdown.ToString();
    }

    /// <summary>
    /// A number with one decimal as Python's <c>.1f</c> gives it, where a tie goes to the even digit: 12.25 is 12.2. A double is a tie only if it ends in .25 or .75,
    /// and the latter goes up either way.
    /// </summary>
    private static string OneDecimal(double value) =>
        (Math.Abs(value) % 1 == 0.25 ? value - Math.CopySign(0.05, value) : value).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>A number as Python writes it: the fewest digits that make it, with a point, or from 1e16 and below 1e-4 with an exponent.</summary>
    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) >= 1e16 && !text.Contains('E'))
        {
            var digits = text.TrimStart('-');
            var tail = digits[1..].TrimEnd('0');
            return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{digits[0]}{(tail.Length > 0 ? "." : "")}{tail}e+{digits.Length - 1:00}");
        }

        if (text.Contains('E')) return text.Replace('E', 'e');
        return text.Contains('.') ? text : $"{text}.0";
    }

    [GeneratedRegex(@"([_*`\[])")]
    private static partial Regex Special();
}
