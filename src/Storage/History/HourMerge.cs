namespace StatusMonitor.Storage.History;

/// <summary>One hour of one host as it is when everything that came for it is put together.</summary>
/// <param name="Samples">All samples, or null if those of the hour are kept no longer.</param>
/// <param name="Late">The samples that were not compacted yet.</param>
/// <param name="Minutes">The rollups of a minute of all that is and was there.</param>
/// <param name="IsWhole">Whether nothing of the hour is gone, so that the rollups take the place of earlier ones; otherwise they only fill in where there are none.</param>
internal sealed record HourMerge(SampleBlock? Samples, SampleBlock Late, RollupBlock Minutes, bool IsWhole)
{
    /// <param name="compacted">The hour as it was compacted, or null if it is not: its samples, null if they are kept no longer, and its minutes, likewise.</param>
    /// <param name="late">What came since, in that order.</param>
    /// <param name="isCounter">Which series are counters.</param>
    public static HourMerge Of((SampleBlock? Samples, RollupBlock? Minutes)? compacted, IReadOnlyList<SampleBlock> late, Func<int, bool> isCounter)
    {
        var added = late.Count == 1 ? late[0] : SampleBlocks.Merge(late);
        if (compacted is null) return new HourMerge(added, added, Rollups.Minutes(added, isCounter), IsWhole: false);
        if (compacted is { Samples: { } kept })
        {
            var samples = SampleBlocks.Merge([kept, added]);
            return new HourMerge(samples, added, Rollups.Minutes(samples, isCounter), IsWhole: true);
        }

        var rolled = Rollups.Minutes(added, isCounter);
        var minutes = compacted.Value.Minutes;
        return new HourMerge(null, added, minutes is null ? rolled : RollupBlocks.Merge(RollupTier.Minute, [minutes, rolled]), IsWhole: minutes is not null);
    }

    /// <summary>The rollups of fifteen minutes with those of this hour in them.</summary>
    public RollupBlock Into(RollupBlock quarterHours)
    {
        var own = Rollups.QuarterHours(Minutes);
        return RollupBlocks.Merge(RollupTier.QuarterHour, IsWhole ? [own, quarterHours] : [quarterHours, own]);
    }
}
