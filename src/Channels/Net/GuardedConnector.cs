using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace StatusMonitor.Channels.Net;

/// <summary>The place leads nowhere that a channel may go.</summary>
internal sealed class ForbiddenAddressException() : IOException(
    "It leads to an address that is not of the public internet. Whoever runs the server can allow that with --allow-private-channels true.");

/// <summary>
/// Makes the connections of channels. What counts is the address that is connected to, not the name: a name that is looked up twice may lead elsewhere the second time.
/// </summary>
internal sealed class GuardedConnector(IOptions<ChannelOptions> options)
{
    /// <summary>An address that swallows everything leaves time for the next.</summary>
    private static readonly TimeSpan PerAddress = TimeSpan.FromSeconds(6);

    /// <summary>Looks a name up and connects to the first of its addresses that may be and answers.</summary>
    /// <exception cref="ForbiddenAddressException">None of them may be.</exception>
    /// <exception cref="SocketException">The name is not known, or nobody answers.</exception>
    public async ValueTask<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var known = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = options.Value.AllowPrivate ? known : Array.FindAll(known, PublicAddresses.Contain);
        if (known.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (allowed.Length == 0) throw new ForbiddenAddressException();

        for (var i = 0; ; i++)
        {
            var isLast = i == allowed.Length - 1;
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!isLast) patience.CancelAfter(PerAddress);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], port), patience.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception) when (!isLast && exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
