using System.Text.Json.Serialization;

namespace StatusMonitor.Gateway.Classic;

/// <summary>A window's value; the time is the window's end.</summary>
internal sealed record ClassicPoint(string Time, double Value);

/// <summary>Answer of <c>GET /history/{id}/cpu</c> and <c>memory</c>.</summary>
internal sealed record ClassicMetric(string Metric, long AgentId, IReadOnlyList<ClassicPoint> Data);

/// <summary>A window's value of one filesystem.</summary>
internal sealed record ClassicDiskPoint(string Time, double Value, string Mountpoint);

/// <summary>Answer of <c>GET /history/{id}/disk</c>: one filesystem after the other.</summary>
internal sealed record ClassicDisk(string Metric, long AgentId, IReadOnlyList<ClassicDiskPoint> Data);

/// <summary>Answer of <c>GET /history/{id}/network</c>: totals since the machine started, not rates.</summary>
internal sealed record ClassicNetwork(string Metric, long AgentId, IReadOnlyList<ClassicPoint> BytesSent, IReadOnlyList<ClassicPoint> BytesRecv);

/// <summary>A range as it was asked for.</summary>
internal sealed record ClassicPeriod(string Start, string Stop);

/// <summary>All values of a range; 0 where there are none, which the older dashboard needs.</summary>
internal sealed record ClassicAggregate(double Avg, double Max, double Min, long DataPoints)
{
    private static readonly ClassicAggregate None = new(0, 0, 0, 0);

    /// <summary>Of the one window of a series.</summary>
    public static ClassicAggregate Of(IReadOnlyList<ClassicSeriesWindows> found, string series) =>
        found.FirstOrDefault(one => one.Series == series) is { Windows: [var window] } ? new ClassicAggregate(window.Mean, window.Max, window.Min, window.Count) : None;
}

/// <summary>Answer of <c>GET /history/{id}/summary</c>.</summary>
internal sealed record ClassicSummary(long AgentId, ClassicPeriod Period, ClassicAggregate Cpu, ClassicAggregate Memory);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClassicMetric))]
[JsonSerializable(typeof(ClassicDisk))]
[JsonSerializable(typeof(ClassicNetwork))]
[JsonSerializable(typeof(ClassicSummary))]
internal sealed partial class ClassicHistoryJson : JsonSerializerContext;
