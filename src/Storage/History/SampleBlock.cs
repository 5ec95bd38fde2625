using System.Collections.Immutable;

namespace StatusMonitor.Storage.History;

/// <summary>Samples of one host, as columns.</summary>
/// <param name="Times">Collection times, Unix milliseconds; ascending, no two alike.</param>
/// <param name="Intervals">By time: until when the agent meant to report again, milliseconds.</param>
/// <param name="Columns">One for each series, by ascending id.</param>
public sealed record SampleBlock(ImmutableArray<long> Times, ImmutableArray<int> Intervals, ImmutableArray<SampleColumn> Columns)
{
    public static SampleBlock Empty { get; } = new([], [], []);
}

/// <summary>The values of one series.</summary>
/// <param name="SeriesId">The host's number for it.</param>
/// <param name="Values">By time; NaN where the sample lacks the series (a value itself is never NaN).</param>
public readonly record struct SampleColumn(int SeriesId, ImmutableArray<double> Values);
