using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Email;

/// <summary>
/// Hands mails to a mail server. Over a client of our own: that of the framework looks up the server's name itself, so that nobody could say which address it may connect to, and does not know TLS
/// from the first byte, which most servers ask for today.
/// </summary>
internal sealed class EmailSender(GuardedConnector connector, IOptions<ChannelOptions> options, TimeProvider time) : IChannelSender
{
    private const string Tls = "tls";
    private const string StartTls = "startTls";
    private const string None = "none";
    private const int MaxRecipients = 10;
    private const int MaxSaid = 150;
    private const int WaitsForLogin = 334;
    private const int WaitsForMail = 354;

    private static readonly SearchValues<char> LocalPart = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");
    private static readonly SearchValues<char> Domain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    public ChannelKind Kind => ChannelKind.Email;

    public ImmutableArray<string> Secrets { get; } = ["password"];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings)
    {
        var check = new SettingsCheck(settings);
        if (check.Text("from", 254) is { } from && !IsAddress(from)) check.Wrong("from", "is no e-mail address");
        if (check.Text("to", 2600) is { } to)
        {
            var all = Addresses(to);
            if (all.Length is 0 or > MaxRecipients) check.Wrong("to", "must be 1 to 10 addresses, separated by commas");
            if (Array.Find(all, address => !IsAddress(address)) is { } wrong) check.Wrong("to", $"has '{Texts.Line(wrong, 60)}', which is no e-mail address");
        }

        if (check.Text("host", 253) is { } host && Uri.CheckHostName(host) == UriHostNameType.Unknown) check.Wrong("host", "must be the name or address of a server");
        if (check.Text("port", 5, isNeeded: false) is { } port && PortOf(port) is null) check.Wrong("port", "must be 1 to 65535");
        var security = check.Text("security", 10, isNeeded: false) ?? StartTls;
        if (security is not (Tls or StartTls or None)) check.Wrong("security", "must be tls, startTls or none");

        // Blanks are in the passwords that some services make.
        var user = check.Text("username", 200, isNeeded: false);
        var password = check.Text("password", 500, isNeeded: false);
        if (user is null != password is null) check.Wrong(user is null ? "username" : "password", "must be there, as the other is");
        if (user is not null && security == None) check.Wrong("security", "must be tls or startTls where there is a password");
        return check.Errors();
    }

    public async Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.Timeout);
        try
        {
            return await SendAsync(channel.Settings, message, notificationId, deadline.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Failures.IsOfTheWay(exception))
        {
            return Failures.Of(exception);
        }
    }

    /// <summary>One address without a name, in ASCII, as it may stand between angle brackets.</summary>
    internal static bool IsAddress(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && text.Length <= 254
            && text.AsSpan(0, at).IndexOfAnyExcept(LocalPart) < 0
            && text.AsSpan(at + 1).IndexOfAnyExcept(Domain) < 0
            && Uri.CheckHostName(text[(at + 1)..]) == UriHostNameType.Dns;
    }

    private static string[] Addresses(string to) => to.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int? PortOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;

    private async Task<SendResult> SendAsync(ImmutableDictionary<string, string> settings, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        var (host, from, to) = (settings["host"], settings["from"], Addresses(settings["to"]));
        var security = settings.GetValueOrDefault("security") is { Length: > 0 } chosen ? chosen : StartTls;
        var port = PortOf(settings.GetValueOrDefault("port")) ?? security switch { Tls => 465, None => 25, _ => 587 };
        var mail = MailText.Compose(message, notificationId, from, to, time.GetUtcNow(), options.Value.LinkTo(message.Path));

        await using var connection = new SmtpConnection(await connector.ConnectAsync(host, port, cancellationToken));
        if (security == Tls) await connection.SecureAsync(host, options.Value.ExtraRoots, cancellationToken);
        if (await connection.ReadAsync(cancellationToken) is { IsGood: false } greeting) return NotTaken(greeting);
        var hello = await HelloAsync(connection, cancellationToken);
        if (!hello.IsGood) return NotTaken(hello);
        if (security == StartTls)
        {
            // Never in clear instead: whoever stands in between could take the offer of TLS out.
            if (await connection.SayAsync("STARTTLS", cancellationToken) is { IsGood: false } refusal)
            {
                return refusal.IsForNow ? NotTaken(refusal) : new SendResult(SendOutcome.Refused, "The mail server does not offer TLS at this port (STARTTLS).");
            }

            await connection.SecureAsync(host, options.Value.ExtraRoots, cancellationToken);
            hello = await HelloAsync(connection, cancellationToken);
            if (!hello.IsGood) return NotTaken(hello);
        }

        if (settings.GetValueOrDefault("username") is { Length: > 0 } user && await LogInAsync(connection, hello, user, settings.GetValueOrDefault("password") ?? "", cancellationToken) is { } denied) return denied;
        return await HandOverAsync(connection, from, to, mail, cancellationToken);
    }

    private static Task<SmtpReply> HelloAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        var name = Dns.GetHostName();
        return connection.SayAsync($"EHLO {(Uri.CheckHostName(name) == UriHostNameType.Dns && name.All(char.IsAscii) ? name : "localhost")}", cancellationToken);
    }

    private static async Task<SendResult?> LogInAsync(SmtpConnection connection, SmtpReply hello, string user, string password, CancellationToken cancellationToken)
    {
        var ways = hello.Lines.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        SmtpReply reply;
        if (ways.Contains("PLAIN") || !ways.Contains("LOGIN"))
        {
            reply = await connection.SayAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellationToken);
        }
        else
        {
            reply = await connection.SayAsync("AUTH LOGIN", cancellationToken);
            if (reply.Code == WaitsForLogin) reply = await connection.SayAsync(Base64(user), cancellationToken);
            if (reply.Code == WaitsForLogin) reply = await connection.SayAsync(Base64(password), cancellationToken);
        }

        if (reply.IsGood) return null;
        return reply.IsForNow ? NotTaken(reply) : new SendResult(SendOutcome.Refused, "The mail server does not accept the user name and password.");
    }

    private static async Task<SendResult> HandOverAsync(SmtpConnection connection, string from, string[] to, byte[] mail, CancellationToken cancellationToken)
    {
        if (await connection.SayAsync($"MAIL FROM:<{from}>", cancellationToken) is { IsGood: false } sender) return NotTaken(sender);

        var accepted = 0;
        (string Address, SmtpReply Reply)? refused = null;
        foreach (var address in to)
        {
            var reply = await connection.SayAsync($"RCPT TO:<{address}>", cancellationToken);
            if (reply.IsGood) accepted++;
            // One that may be taken later is worth another try for all, if nobody else gets it twice by that.
            else if (refused is null || reply.IsForNow) refused = (address, reply);
        }

        if (accepted == 0) return NotTaken(refused!.Value.Reply);
        var data = await connection.SayAsync("DATA", cancellationToken);
        if (data.Code != WaitsForMail) return NotTaken(data);
        if (await connection.SendAsync(mail, cancellationToken) is { IsGood: false } end) return NotTaken(end);

        // It is taken, whatever becomes of the goodbye; that is not waited for.
        return refused is { } one ? new SendResult(SendOutcome.Accepted, $"{one.Address} did not get it. {Said(one.Reply)}") : new SendResult(SendOutcome.Accepted);
    }

    private static SendResult NotTaken(SmtpReply reply) => new(reply.Code < 500 ? SendOutcome.Retry : SendOutcome.Refused, Said(reply));

    private static string Said(SmtpReply reply) => string.Create(CultureInfo.InvariantCulture, $"The mail server says: {reply.Code} {Texts.Line(string.Join(" ", reply.Lines), MaxSaid)}").TrimEnd();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
