using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StatusMonitor.EndToEnd.Tests.Support;

/// <summary>The network between agent and server, which can be cut.</summary>
internal sealed class Network : IDisposable
{
    private readonly int _serverPort;
    private readonly int _port;
    private readonly ConcurrentDictionary<TcpClient, bool> _connections = new();
    private TcpListener? _listener;

    public Network(Uri server)
    {
        _serverPort = server.Port;
        Mend();
        _port = ((IPEndPoint)_listener!.LocalEndpoint).Port;
    }

    /// <summary>Where the agent finds the server.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Ends every connection and takes no new one.</summary>
    public void Cut()
    {
        _listener?.Stop();
        _listener = null;
        foreach (var connection in _connections.Keys) connection.Dispose();
    }

    public void Mend()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public void Dispose() => Cut();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(TcpClient agent)
    {
        using var server = new TcpClient();
        using (agent)
        {
            _connections[agent] = _connections[server] = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                await Task.WhenAny(agent.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(agent.GetStream()));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut, or the server is not there: the agent sees a connection that ends.
            }
            finally
            {
                _connections.TryRemove(agent, out _);
                _connections.TryRemove(server, out _);
            }
        }
    }
}
