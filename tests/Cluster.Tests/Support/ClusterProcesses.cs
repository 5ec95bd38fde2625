using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>Silos and gateways as processes of their own, on one PostgreSQL. One that has ended can be started again, as a supervisor does.</summary>
internal sealed class ClusterProcesses : IDisposable
{
    /// <summary>Several processes start at once here, on a machine that may have two cores.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly Folder _data = new();
    private readonly string _name;
    private readonly List<ServerProcess> _ended = [];
    private int _started;

    private ClusterProcesses(string name, string database) => (_name, Database) = (name, database);

    public string Database { get; }

    public List<ServerProcess> Silos { get; } = [];

    public List<ServerProcess> Gateways { get; } = [];

    /// <summary>Where the gateways listen, in their order.</summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>As the gateway printed it that was the first to start on an empty database.</summary>
    public string? AdminPassword => Gateways.Select(gateway => SignedIn.PrintedPassword(gateway.Output)).SingleOrDefault(password => password is not null);

    /// <summary>What those that run have said.</summary>
    public string Output => string.Join("\n\n", Silos.Concat(Gateways).Select(process => process.Output));

    /// <summary>Also what those said that have ended.</summary>
    public string OutputOfAll => string.Join("\n\n", _ended.Concat(Silos).Concat(Gateways).Select(process => process.Output));

    /// <summary>Starts all of it at once, as after a power cut, and waits until the gateways serve.</summary>
    public static async Task<ClusterProcesses> StartAsync(string name, string database, int silos, int gateways)
    {
        var cluster = new ClusterProcesses(name, database);
        try
        {
            for (var i = 0; i < silos; i++) cluster.Silos.Add(cluster.StartSilo());
            for (var i = 0; i < gateways; i++) cluster.Gateways.Add(cluster.Start("gateway"));
            foreach (var gateway in cluster.Gateways) cluster.Addresses.Add(await gateway.ListeningAsync(StartTime));
            foreach (var silo in cluster.Silos) await silo.ListeningAsync(StartTime);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Starts another in the place of a silo that has ended.</summary>
    public async Task RestartSiloAsync(int silo)
    {
        _ended.Add(Silos[silo]);
        Silos[silo] = StartSilo();
        await Silos[silo].ListeningAsync(StartTime);
    }

    /// <summary>Starts another in the place of a gateway that has ended; it has an address of its own.</summary>
    public async Task RestartGatewayAsync(int gateway)
    {
        _ended.Add(Gateways[gateway]);
        Gateways[gateway] = Start("gateway");
        Addresses[gateway] = await Gateways[gateway].ListeningAsync(StartTime);
    }

    public void Dispose()
    {
        foreach (var process in Gateways.Concat(Silos).Concat(_ended)) process.Dispose();
        _data.Dispose();
    }

    private ServerProcess StartSilo() => Start("silo", "--silo-port", FreePort(), "--silo-gateway-port", FreePort());

    private ServerProcess Start(string role, params string[] arguments) => ServerProcess.Start(
    [
        "--role", role, "--port", "0", "--database", Database, "--cluster-name", _name, "--data", _data.File(string.Create(CultureInfo.InvariantCulture, $"{role}{++_started}")),
        "--allow-private-channels", "true", .. arguments,
    ]);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
