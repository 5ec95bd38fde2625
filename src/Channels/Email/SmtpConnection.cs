using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StatusMonitor.Channels.Email;

/// <summary>What a mail server said.</summary>
/// <param name="Code">Its number: 2xx is done, 3xx waits for more, 4xx may be tried again, 5xx may not.</param>
/// <param name="Lines">What stands behind it.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsGood => Code is >= 200 and < 300;

    public bool IsForNow => Code is >= 400 and < 500;
}

/// <summary>The line to a mail server (RFC 5321): commands, replies of bounded length, and TLS in between.</summary>
internal sealed class SmtpConnection(Stream stream) : IAsyncDisposable
{
    private const int MaxLine = 2000;
    private const int MaxLines = 100;

    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = stream;
    private int _start;
    private int _end;

    /// <summary>Puts TLS on the line. What the server said before in clear counts no more; what it has said already and nobody read is somebody else's.</summary>
    public async Task SecureAsync(string host, X509Certificate2Collection extraRoots, CancellationToken cancellationToken)
    {
        if (_start < _end) throw new InvalidDataException("The server spoke before TLS began.");

        var tls = new SslStream(_stream);
        _stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (extraRoots.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(extraRoots);
        }

        await tls.AuthenticateAsClientAsync(options, cancellationToken);
    }

    /// <summary>Sends a command and reads what is said to it.</summary>
    public async Task<SmtpReply> SayAsync(string command, CancellationToken cancellationToken)
    {
        if (command.AsSpan().ContainsAny('\r', '\n')) throw new ArgumentException("A command is one line.", nameof(command));
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Sends a mail; the server has said that it waits for one.</summary>
    public async Task<SmtpReply> SendAsync(byte[] mail, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(mail, cancellationToken);
        await _stream.WriteAsync(".\r\n"u8.ToArray(), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Reads a reply.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await LineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599) break;
            if (line.Length > 3 && line[3] is not (' ' or '-')) break;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, lines);
        }

        throw new InvalidDataException("That is no reply of a mail server.");
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>(128);
        while (line.Count <= MaxLine)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await _stream.ReadAsync(_buffer, cancellationToken);
                if (_end == 0) throw new EndOfStreamException();
            }

            var next = _buffer[_start++];
            if (next == '\n')
            {
                if (line.Count > 0 && line[^1] == '\r') line.RemoveAt(line.Count - 1);
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(next);
        }

        throw new InvalidDataException("The server's line is too long.");
    }
}
