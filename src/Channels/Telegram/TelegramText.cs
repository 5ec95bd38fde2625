using System.Globalization;
using System.Text;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>Texts as Telegram's HTML, where only three characters are markup.</summary>
internal static class TelegramText
{
    // https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after the markup is read. Counted with it, which is never less.
    public const int MaxLength = 4096;

    public const string ParseMode = "HTML";

    private static readonly TextStyle Style = TextStyle.Plain(MaxLength) with { Escape = Escape, Strong = text => $"<b>{text}</b>" };

    public static string Of(AlertMessage message) => MessageText.Compose(message, Style, null);

    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A name or other text on one line, escaped.</summary>
    public static string Name(string text, int maxLength = 100) => Escape(Texts.Line(text, maxLength));

    /// <summary>A heading and as many lines as go in, with how many more there are. All of it is escaped already.</summary>
    public static string Lines(string heading, IReadOnlyList<string> lines, int total)
    {
        var text = new StringBuilder(heading);
        for (var i = 0; i < lines.Count; i++)
        {
            var rest = i + 1 < total ? More(total).Length : 0;
            if (text.Length + 1 + lines[i].Length + rest > MaxLength) return text.Append(More(total - i)).ToString();
            text.Append('\n').Append(lines[i]);
        }

        return lines.Count < total ? text.Append(More(total - lines.Count)).ToString() : text.ToString();
    }

    private static string More(int count) => string.Create(CultureInfo.InvariantCulture, $"\nand {count} more");
}
