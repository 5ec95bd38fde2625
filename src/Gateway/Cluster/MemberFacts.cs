namespace StatusMonitor.Gateway.Cluster;

/// <summary>What a process of the server says of itself. Processes of other versions read it: what they do not know they pass over, and what is missing is null.</summary>
/// <param name="Role"><c>all</c>, <c>silo</c> or <c>gateway</c>.</param>
/// <param name="State"><c>active</c>, or <c>waiting</c> for a server that stands by.</param>
/// <param name="Version">Its version.</param>
/// <param name="Figures">How it does.</param>
internal sealed record MemberFacts(string? Role, string? State, string? Version, MemberFigures? Figures);

/// <summary>How a process does. Rates are means over the last few seconds.</summary>
/// <param name="Cores">CPU cores that it may use.</param>
/// <param name="CpuPercent">How much of them it uses.</param>
/// <param name="MemoryBytes">Memory that it takes of the machine.</param>
/// <param name="HeapBytes">How much of that is objects.</param>
/// <param name="ReportsPerSecond">Reports that agents brought it and that are stored; null where agents do not report.</param>
/// <param name="RowsPerSecond">Reports that its grains wrote; null where there are none.</param>
/// <param name="LiveConnections">Open pages of the dashboard; null where there are none.</param>
/// <param name="Activations">Activations of grains; null where there are none.</param>
/// <param name="Kinds">The same by class, the most numerous first; at most 30.</param>
/// <param name="Queues">What waits in it.</param>
/// <param name="DatabaseMilliseconds">How long PostgreSQL took to take in what the process said before this; null without PostgreSQL, and while it cannot be reached.</param>
/// <param name="Storage"><c>ok</c>; <c>failing</c> if it cannot write, or <c>full</c> if the disk nearly is. Null where there are no grains.</param>
internal sealed record MemberFigures(
    int Cores,
    double CpuPercent,
    long MemoryBytes,
    long HeapBytes,
    double? ReportsPerSecond,
    double? RowsPerSecond,
    int? LiveConnections,
    int? Activations,
    IReadOnlyList<ActivationCount>? Kinds,
    IReadOnlyList<QueueDepth>? Queues,
    double? DatabaseMilliseconds,
    string? Storage);

/// <summary>Activations of one class of grains.</summary>
internal sealed record ActivationCount(string Kind, int Count);

/// <summary>What waits in a queue of a process.</summary>
/// <param name="Name"><c>rows</c> for the disk, <c>bodies</c> of requests in bytes, or <c>passwords</c> to be checked.</param>
/// <param name="Waiting">How much.</param>
/// <param name="Bound">Beyond so much it is refused.</param>
internal sealed record QueueDepth(string Name, long Waiting, long Bound);
