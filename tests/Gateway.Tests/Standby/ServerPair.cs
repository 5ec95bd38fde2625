using System.Net;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Standby;

/// <summary>Two servers on one database, each with a folder of its own, that are started again when they have ended, as a supervisor does.</summary>
internal sealed class ServerPair(string database) : IDisposable
{
    private readonly Folder[] _folders = [new(), new()];
    private readonly DatabaseWire[] _wires = [new(database), new(database)];
    private readonly ServerProcess?[] _servers = new ServerProcess?[2];
    private readonly Uri?[] _addresses = new Uri?[2];
    private readonly EitherServer _either = new(2, TimeSpan.FromMilliseconds(20));

    /// <summary>The way agents go.</summary>
    public EitherServer Either => _either;

    /// <summary>What both have said.</summary>
    public string Output => string.Join("\n\n", _servers.Select(server => server?.Output));

    public ServerProcess this[int server] => _servers[server]!;

    public Uri Address(int server) => _addresses[server]!;

    /// <summary>What it reaches the database over.</summary>
    public DatabaseWire Wire(int server) => _wires[server];

    public static string Name(int server) => server == 0 ? "left" : "right";

    /// <summary>Starts one of them; what it is then, the database decides.</summary>
    public async Task StartAsync(int server)
    {
        _servers[server]?.Dispose();
        _servers[server] = ServerProcess.Start(
            ["--port", "0", "--data", _folders[server], "--database", _wires[server].Database, "--standby", "true", "--server-name", Name(server), "--allow-private-channels", "true"]);
        var address = await _servers[server]!.ListeningAsync();
        _addresses[server] = address;
        _either.Set(server, address);
    }

    /// <summary>The one that says that it is ready, once one does.</summary>
    public async Task<int> ActiveAsync()
    {
        var active = -1;
        await Patience.Until(
            async () =>
            {
                for (var server = 0; server < 2; server++)
                {
                    if ((await GetAsync(server, "/health/ready"))?.Status == HttpStatusCode.OK) active = server;
                }

                return active >= 0;
            },
            () => $"one of them is active; they said:\n{Output}");
        return active;
    }

    /// <summary>An answer, or null if it gives none.</summary>
    public async Task<Answer?> GetAsync(int server, string path)
    {
        if (_addresses[server] is not { } address) return null;
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience.Limit };
        try
        {
            using var response = await http.GetAsync(path);
            return await Answer.OfAsync(response);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var server in _servers) server?.Dispose();
        foreach (var wire in _wires) wire.Dispose();
        foreach (var folder in _folders) folder.Dispose();
        _either.Dispose();
    }
}
