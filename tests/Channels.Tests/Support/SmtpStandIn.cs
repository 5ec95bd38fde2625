using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>A mail that came, with all that was said before it.</summary>
internal sealed record ReceivedMail(IReadOnlyList<string> Commands, bool WasEncrypted, string Text)
{
    public string Header(string name) => Head.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n").Single(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    public string Head => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];

    /// <summary>The decoded part of a type.</summary>
    public string Part(string type)
    {
        var boundary = Header("Content-Type").Split("boundary=\"")[1].TrimEnd('"');
        var part = Text.Split($"--{boundary}").Single(candidate => candidate.Contains($"Content-Type: {type}", StringComparison.Ordinal));
        return Encoding.UTF8.GetString(Convert.FromBase64String(part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Replace("\r\n", "", StringComparison.Ordinal)));
    }
}

/// <summary>A real mail server on loopback, in clear, with STARTTLS or with TLS from the first byte, that can be told to say something else to a command.</summary>
internal sealed class SmtpStandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<ReceivedMail> _mails = Channel.CreateUnbounded<ReceivedMail>();
    private readonly Task _serving;
    private readonly bool _isTlsFromTheStart;

    public SmtpStandIn(bool isTlsFromTheStart = false)
    {
        _isTlsFromTheStart = isTlsFromTheStart;
        _listener.Start();
        _serving = ServeAsync();
    }

    public X509Certificate2 Certificate { get; } = NewCertificate();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is said to a command instead of the usual; null says the usual, empty hangs up.</summary>
    public Func<string, string?> Reply { get; set; } = _ => null;

    public string Extensions { get; set; } = "250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";

    /// <summary>What is sent in clear right after the line that lets TLS begin.</summary>
    public string Injected { get; set; } = "";

    public int Connections { get; private set; }

    public bool HasMail => _mails.Reader.TryPeek(out _);

    public Task<ReceivedMail> NextAsync() => Patience.For(_mails.Reader.ReadAsync().AsTask(), "a mail");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
        Certificate.Dispose();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail stand-in", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Connections++;
                await TalkAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        if (_isTlsFromTheStart) stream = await SecureAsync(stream);
        var commands = new List<string>();
        var reader = new StreamReader(stream, Encoding.UTF8);
        if (!await SayAsync(stream, Reply("") ?? "220 mail.example.org ESMTP\r\n")) return;
        while (await reader.ReadLineAsync(_end.Token) is { } command)
        {
            commands.Add(command);
            var verb = command.Split(' ')[0].ToUpperInvariant();
            var reply = Reply(command) ?? verb switch
            {
                "EHLO" => Extensions,
                "STARTTLS" => "220 go\r\n" + Injected,
                "AUTH" when command == "AUTH LOGIN" => "334 VXNlcm5hbWU6\r\n",
                "AUTH" => "235 ok\r\n",
                "DATA" => "354 go on\r\n",
                "MAIL" or "RCPT" => "250 ok\r\n",
                _ => commands[^2] == "AUTH LOGIN" ? "334 UGFzc3dvcmQ6\r\n" : "235 ok\r\n",
            };
            if (!await SayAsync(stream, reply)) return;
            if (verb == "STARTTLS" && reply.StartsWith("220", StringComparison.Ordinal))
            {
                stream = await SecureAsync(stream);
                reader = new StreamReader(stream, Encoding.UTF8);
            }

            if (verb != "DATA" || !reply.StartsWith("354", StringComparison.Ordinal)) continue;
            var mail = new StringBuilder();
            while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".") mail.Append(line).Append("\r\n");
            var end = Reply(".") ?? "250 queued\r\n";
            if (end.StartsWith('2')) _mails.Writer.TryWrite(new ReceivedMail([.. commands], stream is SslStream, mail.ToString()));
            if (!await SayAsync(stream, end)) return;
        }
    }

    private static async Task<bool> SayAsync(Stream stream, string text)
    {
        if (text.Length > 0) await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        return text.Length > 0;
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(Certificate);
        return tls;
    }
}
