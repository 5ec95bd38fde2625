namespace StatusMonitor.Protocol;

/// <summary>Problems that an agent tells apart by their type.</summary>
public static class ProblemTypes
{
    /// <summary>What the type of each of our problems begins with.</summary>
    public const string Prefix = "/problems/";

    /// <summary>This server takes nothing now, and another one of the same fleet may: it is not the active one, or has lost the others of its cluster (503).</summary>
    public const string Standby = "/problems/standby";
}
