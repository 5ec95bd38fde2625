using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>Silos and gateways as processes of their own, on one PostgreSQL.</summary>
internal sealed class ClusterProcesses : IDisposable
{
    /// <summary>Several processes start at once here, on a machine that may have two cores.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly Folder _data = new();
    private readonly string _name;
    private int _started;

    private ClusterProcesses(string name)
    {
        _name = name;
        Database = PostgresCluster.Shared.EmptyDatabase(name);
    }

    public string Database { get; }

    public List<ServerProcess> Silos { get; } = [];

    public List<ServerProcess> Gateways { get; } = [];

    /// <summary>Where the gateways listen, in their order.</summary>
    public List<Uri> Addresses { get; } = [];

    public string AdminPassword { get; private set; } = "";

    /// <summary>Starts all of it at once, as after a power cut, and waits until the gateways serve.</summary>
    public static async Task<ClusterProcesses> StartAsync(string name, int silos, int gateways)
    {
        var cluster = new ClusterProcesses(name);
        try
        {
            for (var i = 0; i < silos; i++) cluster.StartSilo();
            for (var i = 0; i < gateways; i++) cluster.Gateways.Add(cluster.Start("gateway"));
            foreach (var gateway in cluster.Gateways) cluster.Addresses.Add(await gateway.ListeningAsync(StartTime));
            foreach (var silo in cluster.Silos) await silo.ListeningAsync(StartTime);
            cluster.AdminPassword = cluster.Gateways.Select(gateway => SignedIn.PrintedPassword(gateway.Output)).Single(password => password is not null)!;
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public ServerProcess StartSilo()
    {
        var silo = Start("silo", "--silo-port", FreePort(), "--silo-gateway-port", FreePort());
        Silos.Add(silo);
        return silo;
    }

    public void Dispose()
    {
        foreach (var process in Gateways.Concat(Silos)) process.Dispose();
        _data.Dispose();
    }

    private ServerProcess Start(string role, params string[] arguments) => ServerProcess.Start(
        ["--role", role, "--port", "0", "--database", Database, "--cluster-name", _name, "--data", _data.File(string.Create(CultureInfo.InvariantCulture, $"{role}{++_started}")), .. arguments]);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
