using System.Globalization;
using System.Net;
using System.Text;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Email;

/// <summary>
/// A mail as it goes over the wire (RFC 5322, MIME): text and simple HTML, both in base64, so that no line is too long and none begins with a full stop. What others wrote stands in a header only
/// as an encoded word or as characters that can be seen: a title cannot begin another header.
/// </summary>
internal static class MailText
{
    private const int MaxText = 100_000;
    private const int MaxSubject = 200;
    private const int Base64Line = 76;

    // An encoded word may have 75 characters; 42 bytes are 56 of base64.
    private const int BytesPerWord = 42;

    private static readonly TextStyle Html = TextStyle.Plain(MaxText) with
    {
        Escape = WebUtility.HtmlEncode,
        Strong = text => $"<b>{text}</b>",
        Link = url => $"<a href=\"{WebUtility.HtmlEncode(url)}\">Open dashboard</a>",
    };

    /// <param name="message">What it says.</param>
    /// <param name="notificationId">Becomes the Message-Id, by which a mailbox knows a repeat.</param>
    /// <param name="from">The sender's address.</param>
    /// <param name="to">The recipients' addresses.</param>
    /// <param name="now">The date.</param>
    /// <param name="link">Where the dashboard shows it, or null.</param>
    public static byte[] Compose(AlertMessage message, string notificationId, string from, IReadOnlyList<string> to, DateTimeOffset now, string? link)
    {
        var id = IdOf(notificationId);
        var boundary = $"statusmonitor-{id}";
        var mail = new StringBuilder();
        Header(mail, "From", $"StatusMonitor <{from}>");
        Header(mail, "To", string.Join(",\r\n ", to.Select(address => $"<{address}>")));
        Header(mail, "Subject", Encoded(Texts.Line(Subject(message), MaxSubject)));
        Header(mail, "Date", now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "Message-Id", $"<{id}@{from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}>");
        Header(mail, "Auto-Submitted", "auto-generated");
        if (message is { Severity: AlertSeverity.Critical, Kind: MessageKind.Fired or MessageKind.Repeated or MessageKind.Escalated }) Header(mail, "Importance", "high");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        mail.Append("\r\n");
        Part(mail, boundary, "text/plain", MessageText.Compose(message, TextStyle.Plain(MaxText), link).ReplaceLineEndings("\r\n") + "\r\n");
        Part(mail, boundary, "text/html", $"<html><body><pre style=\"font-family: sans-serif; white-space: pre-wrap\">{MessageText.Compose(message, Html, link).ReplaceLineEndings("\r\n")}</pre></body></html>\r\n");
        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    private static string Subject(AlertMessage message)
    {
        var word = message.Kind switch
        {
            MessageKind.Resolved => "Resolved",
            MessageKind.Steady => "Steady again",
            MessageKind.Flapping => "Flapping",
            MessageKind.Data => "Data",
            MessageKind.Server => "Server",
            MessageKind.Test => "Test",
            _ => message.Severity.ToString(),
        };
        return $"[{word}] {message.Title}";
    }

    /// <summary>What of an id may stand in a Message-Id.</summary>
    private static string IdOf(string notificationId) => string.Concat(notificationId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-'));

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    /// <summary>A text as it may stand in a header: as it is if that is plain, else as encoded words of whole characters.</summary>
    private static string Encoded(string text)
    {
        if (text.Length <= 60 && text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal)) return text;

        var words = new List<string>();
        var word = new List<byte>(BytesPerWord);
        foreach (var rune in text.EnumerateRunes())
        {
            if (word.Count + rune.Utf8SequenceLength > BytesPerWord) End();
            var bytes = new byte[rune.Utf8SequenceLength];
            rune.EncodeToUtf8(bytes);
            word.AddRange(bytes);
        }

        End();
        return string.Join("\r\n ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }

    private static void Part(StringBuilder mail, string boundary, string type, string text)
    {
        mail.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        for (var at = 0; at < encoded.Length; at += Base64Line) mail.Append(encoded.AsSpan(at, Math.Min(Base64Line, encoded.Length - at))).Append("\r\n");
    }
}
