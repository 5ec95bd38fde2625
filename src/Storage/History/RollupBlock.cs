using System.Collections.Immutable;

namespace StatusMonitor.Storage.History;

/// <summary>How long a rollup's buckets are. They are aligned to the Unix epoch.</summary>
public enum RollupTier
{
    /// <summary>One minute.</summary>
    Minute,

    /// <summary>Fifteen minutes.</summary>
    QuarterHour,

    /// <summary>Five minutes. It is not asked for: what is stored of it stands for minutes where those would be merged into as much (<see cref="FourHours"/>).</summary>
    FiveMinutes,
}

/// <summary>Rolled-up samples of one host, as columns. Only buckets with a sample are there.</summary>
/// <param name="Tier">Length of the buckets.</param>
/// <param name="Starts">Begin of each bucket, Unix milliseconds, ascending.</param>
/// <param name="FirstAt">By bucket: time of its first sample, whatever series it has.</param>
/// <param name="LastAt">By bucket: time of its last sample.</param>
/// <param name="Columns">One for each series, by ascending id.</param>
public sealed record RollupBlock(
    RollupTier Tier, ImmutableArray<long> Starts, ImmutableArray<long> FirstAt, ImmutableArray<long> LastAt, ImmutableArray<RollupColumn> Columns)
{
    /// <summary>How often the host reports, milliseconds, as the buckets tell that were read; 0 if they do not tell.</summary>
    public long Interval { get; init; }
}

/// <summary>The buckets of one series.</summary>
/// <param name="SeriesId">The host's number for it.</param>
/// <param name="IsCounter">Whether it is a total that only grows until it starts anew.</param>
/// <param name="Points">By bucket; <see langword="default"/> where the series has no value.</param>
public readonly record struct RollupColumn(int SeriesId, bool IsCounter, ImmutableArray<RollupPoint> Points);

/// <summary>What a bucket keeps of one series, so that neighbours merge without loss. The mean is <c>Sum / Count</c>.</summary>
/// <param name="Count">Values in the bucket.</param>
/// <param name="Sum">Of a gauge the sum of the values; of a counter its increase from the bucket's first value to its last, resets counted as a start from 0.</param>
/// <param name="Min">Of a gauge the lowest value; of a counter the lowest rate per second between neighbouring values of the bucket, to four digits, NaN with fewer than two.</param>
/// <param name="Max">Likewise the highest.</param>
/// <param name="First">Of a counter its first value; of a gauge 0.</param>
/// <param name="Last">Of a counter its last value; of a gauge 0.</param>
/// <param name="FirstAt">Of a counter the time of its first value, which need not be in the bucket's first sample; of a gauge 0.</param>
/// <param name="LastAt">Of a counter the time of its last value; of a gauge 0.</param>
public readonly record struct RollupPoint(int Count, double Sum, double Min, double Max, double First, double Last, long FirstAt = 0, long LastAt = 0);
