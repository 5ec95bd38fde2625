using System.Net;

namespace StatusMonitor.Silo.Cluster;

/// <summary>Which cluster a process belongs to, and where the others reach it. Members find each other in the database.</summary>
/// <param name="Name">Processes that say another name on the same database are not of it.</param>
/// <param name="Address">This machine's address for the other members. A gateway is called by nobody and needs none.</param>
/// <param name="SiloPort">Port for other silos.</param>
/// <param name="GatewayPort">Port for gateways.</param>
public sealed record ClusterPlace(string Name, IPAddress Address, int SiloPort, int GatewayPort);
