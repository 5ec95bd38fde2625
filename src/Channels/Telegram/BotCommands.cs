using System.Globalization;
using System.Text.RegularExpressions;

namespace StatusMonitor.Channels.Telegram;

/// <summary>A command that somebody sent.</summary>
/// <param name="Name">Without the slash, in small letters.</param>
/// <param name="Argument">What stands behind it, or empty.</param>
internal readonly partial record struct CommandCall(string Name, string Argument)
{
    private static readonly TimeSpan LongestMute = TimeSpan.FromDays(30);

    /// <summary>Reads <c>/command argument</c> or <c>/command@bot argument</c>; null if it is none, or another bot's.</summary>
    public static CommandCall? Parse(string? text, string? botName)
    {
        if (Command().Match(text ?? "") is not { Success: true } match) return null;
        if (match.Groups[2].Value is { Length: > 0 } bot && !bot.Equals(botName, StringComparison.OrdinalIgnoreCase)) return null;
        return new CommandCall(match.Groups[1].Value.ToLowerInvariant(), match.Groups[3].Value.Trim());
    }

    /// <summary>Reads how long, as <c>1h</c>, <c>90m</c> or <c>1d 12h</c>: from a minute to 30 days. Null if it is nothing like it.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        if (Span().Match(text) is not { Success: true } match) return null;
        var sum = 0.0;
        foreach (var (number, unit) in match.Groups[1].Captures.Zip(match.Groups[2].Captures))
        {
            if (!int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
            sum += count * (char.ToLowerInvariant(unit.Value[0]) switch { 'm' => 1.0, 'h' => 60, _ => 1440 });
        }

        return sum is >= 1 && sum <= LongestMute.TotalMinutes ? TimeSpan.FromMinutes(sum) : null;
    }

    [GeneratedRegex(@"^\s*/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+([\s\S]{0,500}))?\s*$")]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:(\d{1,5})\s*([mMhHdD])\s*)+$")]
    private static partial Regex Span();
}
