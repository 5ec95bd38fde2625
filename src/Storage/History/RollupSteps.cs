namespace StatusMonitor.Storage.History;

/// <summary>How buckets of rollups are merged into longer ones, which is as good for points as far apart and much less to hand over. What a counter's values were in between is not kept.</summary>
/// <param name="From">All buckets that begin before it, Unix milliseconds, become one.</param>
/// <param name="Length">Those from then on that begin in the same stretch of so many milliseconds, aligned to the Unix epoch, become one. 0: nothing is merged.</param>
public readonly record struct RollupSteps(long From, long Length)
{
    /// <summary>Every bucket stays.</summary>
    public static RollupSteps None => default;

    /// <summary>The buckets that become one with the one that begins then all begin before this time; as far as it, if it is not merged with any.</summary>
    internal long EndOf(long start)
    {
        if (Length <= 0) return start;
        if (start < From) return From;
        var into = start % Length;
        var begin = start - (into < 0 ? into + Length : into);
        return begin > long.MaxValue - Length ? long.MaxValue : begin + Length;
    }
}
