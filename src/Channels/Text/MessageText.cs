using System.Globalization;
using System.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Text;

/// <summary>A message in words: its title, what it says, a line or two for each alert as far as they go in, how many more there are, and a link.</summary>
internal static class MessageText
{
    private const int MaxTitle = 250;
    private const int MaxText = 1000;
    private const int MaxName = 100;
    private const int MaxSummary = 300;

    /// <summary>With more alerts than these, what ran is left to the dashboard.</summary>
    private const int MaxItemsWithProcesses = 3;
    private const int MaxProcesses = 3;

    public static string Compose(AlertMessage message, TextStyle style, string? link)
    {
        var text = new StringBuilder(style.Strong(Fitting(Title(message), style, style.MaxLength / 4)));
        if (message.Text is { Length: > 0 } said) text.Append('\n').Append(Fitting(Texts.Cut(said, MaxText), style, style.MaxLength / 2));

        var end = link is null || style.Link(link) is not { Length: > 0 } last ? "" : "\n" + last;
        var room = style.MaxLength - style.Measure(text.ToString()) - style.Measure(end);
        var total = Math.Max(message.Count, message.Items.Length);
        var told = 0;
        foreach (var item in message.Items)
        {
            var lines = Item(item, message.Items.Length <= MaxItemsWithProcesses, style);
            // What is said of the rest must go in after it.
            var rest = told + 1 < total ? style.Measure(More(total)) : 0;
            if (style.Measure(lines) + rest > room) break;
            text.Append(lines);
            room -= style.Measure(lines);
            told++;
        }

        if (told < total && message.Items.Length > 0) text.Append(told == 0 ? "" : More(total - told));
        return text.Append(end).ToString();
    }

    /// <summary>The title on one line, with a sign for what it is about.</summary>
    public static string Title(AlertMessage message) => $"{Sign(message)} {Texts.Line(message.Title, MaxTitle)}";

    /// <summary>A sign that tells at a glance.</summary>
    public static string Sign(AlertMessage message) => message.Kind switch
    {
        MessageKind.Resolved or MessageKind.Steady => "✅",
        MessageKind.Flapping => "🔁",
        MessageKind.Data => "❔",
        MessageKind.Server => "ℹ️",
        MessageKind.Test => "🔔",
        _ => message.Severity switch { AlertSeverity.Critical => "🔴", AlertSeverity.Warning => "🟠", _ => "🔵" },
    };

    /// <summary>A time as people read it who may be anywhere.</summary>
    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A text as the style writes it, cut before it is escaped, because an escape that is cut in two is markup.</summary>
    private static string Fitting(string text, TextStyle style, int maxLength)
    {
        var escaped = style.Escape(text);
        for (var length = text.Length; style.Measure(escaped) > maxLength; length = length * 3 / 4) escaped = style.Escape(Texts.Cut(text, length * 3 / 4));
        return escaped;
    }

    private static string More(int count) => string.Create(CultureInfo.InvariantCulture, $"\nand {count} more");

    private static string Item(AlertMessageItem item, bool withProcesses, TextStyle style)
    {
        var text = new StringBuilder("\n• ").Append(style.Strong(style.Escape(Texts.Line(item.HostName, MaxName)))).Append(": ").Append(style.Escape(Texts.Line(item.Summary, MaxSummary)));
        text.Append("\n  ").Append(style.Escape(When(item)));
        if (withProcesses && !item.Processes.IsDefaultOrEmpty) text.Append("\n  ").Append(style.Escape(Processes(item)));
        return text.ToString();
    }

    private static string When(AlertMessageItem item)
    {
        var when = item.ResolvedAt is { } end ? $"{Time(item.OpenedAt)} to {Time(end)}" : $"since {Time(item.OpenedAt)}";
        return item.AcknowledgedBy is { Length: > 0 } who ? $"{when}, acknowledged by {Texts.Line(who, MaxName)}" : when;
    }

    private static string Processes(AlertMessageItem item) => "running: " + string.Join(", ", item.Processes.Take(MaxProcesses).Select(process => string.Create(
        CultureInfo.InvariantCulture, $"{Texts.Line(process.Name, MaxName)} ({process.CpuPercent:0.#} % CPU, {process.MemoryBytes / 1e6:0} MB)")));
}
