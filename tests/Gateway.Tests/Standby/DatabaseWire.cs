using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace StatusMonitor.Gateway.Tests.Standby;

/// <summary>
/// The network between a server and a PostgreSQL that listens on a socket in a folder. When it is cut, connections stay as they are and nothing gets through any more, as
/// behind a switch that fails: neither end is told.
/// </summary>
internal sealed class DatabaseWire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly UnixDomainSocketEndPoint _database;
    private readonly string _address;
    private volatile TaskCompletionSource _whole = Passable();

    public DatabaseWire(string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        _database = new UnixDomainSocketEndPoint(Path.Combine(settings.Host!, ".s.PGSQL.5432"));
        _listener.Start();
        (settings.Host, settings.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _address = settings.ConnectionString;
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The database at the other end of it.</summary>
    public string Database => _address;

    public void Cut() => _whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        var cut = _whole;
        _whole = Passable();
        cut.TrySetResult();
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        lock (_gate) _sockets.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    private static TaskCompletionSource Passable()
    {
        var whole = new TaskCompletionSource();
        whole.SetResult();
        return whole;
    }

    private async Task AcceptAsync()
    {
        var end = _end.Token;
        try
        {
            while (true) _ = PassAsync(Kept(await _listener.AcceptSocketAsync(end)), end);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task PassAsync(Socket server, CancellationToken end)
    {
        var database = Kept(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        try
        {
            await _whole.Task.WaitAsync(end);
            await database.ConnectAsync(_database, end);
            await Task.WhenAll(CopyAsync(server, database, end), CopyAsync(database, server, end));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // As the other end sees it: the connection is gone.
        }

        server.Dispose();
        database.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, CancellationToken end)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = await from.ReceiveAsync(buffer, end);
            await _whole.Task.WaitAsync(end);
            if (length == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), end);
        }
    }

    private Socket Kept(Socket socket)
    {
        lock (_gate) _sockets.Add(socket);
        return socket;
    }
}
