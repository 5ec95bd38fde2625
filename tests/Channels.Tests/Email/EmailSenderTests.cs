using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Email;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Email;

public sealed class EmailSenderTests
{
    [Fact]
    public async Task Mail_HasTextHtmlAndAnIdOfTheNotification()
    {
        await using var server = new SmtpStandIn();

        Assert.Equal(new SendResult(SendOutcome.Accepted), await SendAsync(server, Sample.Fired(host: Sample.Tricky), ("security", "none")));

        var mail = await server.NextAsync();
        Assert.Equal("<n-1@example.org>", mail.Header("Message-Id"));
        Assert.Equal("StatusMonitor <monitor@example.org>", mail.Header("From"));
        Assert.Equal("<anna@example.org>, <bob@example.org>", mail.Header("To"));
        Assert.Equal("Sun, 22 Nov 2026 14:03:20 +0000", mail.Header("Date"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal($"[Critical] {Sample.Tricky}: CPU busy", Decoded(mail.Header("Subject")));
        Assert.Contains($"• {Sample.Tricky}: cpu.percent is 97.3 %", mail.Part("text/plain"), StringComparison.Ordinal);
        Assert.Contains("https://monitor.example.org/alerts/1-17", mail.Part("text/plain"), StringComparison.Ordinal);
        var html = mail.Part("text/html");
        Assert.Contains("&lt;b&gt;&amp;`~@channel &lt;!here&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<!here>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://monitor.example.org/alerts/1-17\">Open dashboard</a>", html, StringComparison.Ordinal);
        Assert.All(mail.Text.Split("\r\n"), line => Assert.True(line.Length <= 100 && line.All(c => c is >= ' ' and <= '~'), line));
        Assert.Equal(["MAIL FROM:<monitor@example.org>", "RCPT TO:<anna@example.org>", "RCPT TO:<bob@example.org>", "DATA"], mail.Commands.Skip(1));
        Assert.False(mail.WasEncrypted);
    }

    [Theory]
    [InlineData("x\r\nBcc: eve@example.org\r\n\r\nhello")]
    [InlineData("x\nBcc: eve@example.org")]
    [InlineData("=?utf-8?B?DQpCY2M6IGV2ZQ==?=")]
    [InlineData("x\r\n.\r\nMAIL FROM:<eve@example.org>")]
    public async Task Title_CannotBeginAnotherHeader(string title)
    {
        await using var server = new SmtpStandIn();

        await SendAsync(server, Sample.Fired() with { Title = title, Text = ".\r\n.\r\nQUIT" }, ("security", "none"));

        var mail = await server.NextAsync();
        Assert.DoesNotContain("\r\nBcc", mail.Head, StringComparison.Ordinal);
        Assert.Equal($"[Critical] {title.Replace('\r', ' ').Replace('\n', ' ')}", Decoded(mail.Header("Subject")));
        Assert.Contains(".\r\n.\r\nQUIT", mail.Part("text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongTitleOfOtherLetters_IsWordsOfWholeCharacters()
    {
        await using var server = new SmtpStandIn();
        var title = string.Concat(Enumerable.Repeat("Сервер 🚀 ", 12));

        await SendAsync(server, Sample.Fired() with { Title = title }, ("security", "none"));

        var subject = (await server.NextAsync()).Header("Subject");
        Assert.Equal($"[Critical] {title}", Decoded(subject));
        Assert.All(subject.Split(' '), word => Assert.True(word.Length <= 75 && !Decoded(word).Contains('\uFFFD', StringComparison.Ordinal), word));
    }

    [Fact]
    public async Task StartTls_HidesUserAndMail()
    {
        await using var server = new SmtpStandIn();

        var result = await SendAsync(server, Sample.Fired(), ("username", "monitor"), ("password", "geheim ü"));

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var mail = await server.NextAsync();
        Assert.True(mail.WasEncrypted);
        Assert.Contains($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes("\0monitor\0geheim ü"))}", mail.Commands);
        Assert.Equal(2, mail.Commands.Count(command => command.StartsWith("EHLO ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task TlsFromTheStart_AndTheOlderWayToLogIn()
    {
        await using var server = new SmtpStandIn(isTlsFromTheStart: true) { Extensions = "250-mail.example.org\r\n250 AUTH LOGIN\r\n" };

        var result = await SendAsync(server, Sample.Fired(), ("security", "tls"), ("username", "monitor"), ("password", "geheim"));

        Assert.Equal((SendOutcome.Accepted, null), (result.Outcome, result.Error));
        var mail = await server.NextAsync();
        Assert.True(mail.WasEncrypted);
        Assert.Equal(["AUTH LOGIN", "bW9uaXRvcg==", "Z2VoZWlt"], mail.Commands.Skip(1).Take(3));
    }

    [Theory]
    [InlineData("454 TLS not available\r\n", SendOutcome.Retry)]
    [InlineData("502 unknown command\r\n", SendOutcome.Refused)]
    public async Task WithoutTls_NothingIsSentInClear(string reply, SendOutcome outcome)
    {
        await using var server = new SmtpStandIn { Reply = command => command == "STARTTLS" ? reply : null };

        var result = await SendAsync(server, Sample.Fired(), ("username", "monitor"), ("password", "geheim"));

        Assert.Equal(outcome, result.Outcome);
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task WordsBeforeTls_EndTheConnection()
    {
        await using var server = new SmtpStandIn { Injected = "250 AUTH PLAIN\r\n" };

        Assert.Equal(SendOutcome.Retry, (await SendAsync(server, Sample.Fired())).Outcome);
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task CertificateOfSomebodyElse_IsNotTrusted()
    {
        await using var server = new SmtpStandIn();

        var result = await SendAsync(server, Sample.Fired(), isTrusted: false);

        Assert.Equal(SendOutcome.Retry, result.Outcome);
        Assert.Contains("certificate", result.Error, StringComparison.Ordinal);
        Assert.False(server.HasMail);
    }

    [Theory]
    [InlineData("", "421 too busy", SendOutcome.Retry)]
    [InlineData("", "554 go away", SendOutcome.Refused)]
    [InlineData("EHLO", "550 who are you", SendOutcome.Refused)]
    [InlineData("AUTH", "535 5.7.8 wrong", SendOutcome.Refused)]
    [InlineData("AUTH", "454 4.7.0 later", SendOutcome.Retry)]
    [InlineData("MAIL", "550 5.7.1 not you", SendOutcome.Refused)]
    [InlineData("MAIL", "451 4.3.0 later", SendOutcome.Retry)]
    [InlineData("RCPT", "550 5.1.1 unknown user", SendOutcome.Refused)]
    [InlineData("RCPT", "450 4.2.0 greylisted", SendOutcome.Retry)]
    [InlineData("DATA", "554 no", SendOutcome.Refused)]
    [InlineData(".", "552 5.3.4 too large", SendOutcome.Refused)]
    [InlineData(".", "451 4.3.0 later", SendOutcome.Retry)]
    [InlineData("EHLO", "", SendOutcome.Retry)]
    [InlineData("DATA", "", SendOutcome.Retry)]
    [InlineData(".", "", SendOutcome.Retry)]
    [InlineData("", "SSH-2.0-OpenSSH_9.2", SendOutcome.Retry)]
    [InlineData("MAIL", "999 what", SendOutcome.Retry)]
    public async Task Refusal_IsForNowOrForGood(string command, string reply, SendOutcome outcome)
    {
        await using var server = new SmtpStandIn
        {
            Reply = said => (command.Length == 0 ? said.Length == 0 : said.StartsWith(command, StringComparison.Ordinal)) ? (reply.Length == 0 ? "" : reply + "\r\n") : null,
        };

        var result = await SendAsync(server, Sample.Fired(), ("username", "monitor"), ("password", "geheim"));

        Assert.Equal(outcome, result.Outcome);
        Assert.NotNull(result.Error);
        Assert.DoesNotContain("SSH", result.Error, StringComparison.Ordinal);
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task OneUnknownRecipient_DoesNotKeepTheOthersFromIt()
    {
        await using var server = new SmtpStandIn { Reply = command => command == "RCPT TO:<anna@example.org>" ? "550 5.1.1 unknown user\r\n" : null };

        var result = await SendAsync(server, Sample.Fired(), ("security", "none"));

        Assert.Equal((SendOutcome.Accepted, "anna@example.org did not get it. The mail server says: 550 5.1.1 unknown user"), (result.Outcome, result.Error));
        Assert.True(server.HasMail);
    }

    [Theory]
    [InlineData("250-")]
    [InlineData("x")]
    public async Task EndlessReply_IsNotRead(string piece)
    {
        var line = piece == "x" ? new string('x', 100_000) : string.Concat(Enumerable.Repeat(piece + "more\r\n", 10_000));
        await using var server = new SmtpStandIn { Reply = command => command.StartsWith("EHLO", StringComparison.Ordinal) ? line : null };

        Assert.Equal(SendOutcome.Retry, (await SendAsync(server, Sample.Fired())).Outcome);
    }

    [Fact]
    public async Task ServerThatNeverAnswers_IsTriedAgain()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var options = Sample.Options(timeout: TimeSpan.FromMilliseconds(200));
        var sender = new EmailSender(new GuardedConnector(options), options, TimeProvider.System);

        var result = await sender.SendAsync(Channel(((System.Net.IPEndPoint)silent.LocalEndpoint).Port), Sample.Fired(), "n-1", CancellationToken.None);

        Assert.Equal((SendOutcome.Retry, "There was no answer in time."), (result.Outcome, result.Error));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task MailServerInside_IsRefused(string host)
    {
        await using var server = new SmtpStandIn();
        var options = Sample.Options(allowPrivate: false);
        var sender = new EmailSender(new GuardedConnector(options), options, TimeProvider.System);

        var result = await sender.SendAsync(Channel(server.Port, ("host", host)), Sample.Fired(), "n-1", CancellationToken.None);

        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("from", "")]
    [InlineData("from", "monitor")]
    [InlineData("from", "Monitor <m@example.org>")]
    [InlineData("from", "m@example.org\r\nX: y")]
    [InlineData("from", "a b@example.org")]
    [InlineData("from", "ü@example.org")]
    [InlineData("to", "")]
    [InlineData("to", ",")]
    [InlineData("to", "a@example.org, b")]
    [InlineData("to", "a@example.org> SIZE=1")]
    [InlineData("to", "a@[127.0.0.1]")]
    [InlineData("host", "")]
    [InlineData("host", "a b")]
    [InlineData("port", "0")]
    [InlineData("port", "65536")]
    [InlineData("port", "smtp")]
    [InlineData("security", "ssl")]
    [InlineData("cc", "a@example.org")]
    public void BadSetting_IsNamed(string name, string value) => Assert.Equal([name], Errors(Channel(25).Settings.SetItem(name, value))!.Keys);

    [Fact]
    public void Settings_MustFitTogether()
    {
        Assert.Null(Errors(Channel(25).Settings));
        Assert.Equal(["password"], Errors(Channel(25, ("username", "a")).Settings)!.Keys);
        Assert.Equal(["username"], Errors(Channel(25, ("password", "a")).Settings)!.Keys);
        Assert.Equal(["security"], Errors(Channel(25, ("username", "a"), ("password", "b"), ("security", "none")).Settings)!.Keys);
        Assert.Equal(["to"], Errors(Channel(25, ("to", string.Join(",", Enumerable.Range(0, 11).Select(i => $"a{i}@example.org")))).Settings)!.Keys);
    }

    private static Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings) =>
        new EmailSender(new GuardedConnector(Sample.Options()), Sample.Options(), TimeProvider.System).Errors(settings);

    private static AlertChannel Channel(int port, params (string Name, string Value)[] settings)
    {
        var channel = Sample.Channel(ChannelKind.Email, ("to", "anna@example.org,bob@example.org"), ("from", "monitor@example.org"), ("host", "localhost"), ("port", $"{port}"));
        return channel with { Settings = channel.Settings.SetItems(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))) };
    }

    private static async Task<SendResult> SendAsync(SmtpStandIn server, AlertMessage message, params (string Name, string Value)[] settings) => await SendAsync(server, message, isTrusted: true, settings);

    private static async Task<SendResult> SendAsync(SmtpStandIn server, AlertMessage message, bool isTrusted, params (string Name, string Value)[] settings)
    {
        var options = new ChannelOptions { AllowPrivate = true, PublicUrl = "https://monitor.example.org" };
        if (isTrusted) options.ExtraRoots.Add(server.Certificate);
        var sender = new EmailSender(new GuardedConnector(Options.Create(options)), Options.Create(options), new FixedTime());
        var channel = Channel(server.Port, settings);
        Assert.Null(sender.Errors(channel.Settings));
        return await sender.SendAsync(channel, message, "n-1", CancellationToken.None);
    }

    private static string Decoded(string header)
    {
        if (!header.StartsWith("=?utf-8?B?", StringComparison.Ordinal)) return header;
        return string.Concat(header.Split(' ').Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2]))));
    }
}
