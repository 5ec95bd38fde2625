namespace StatusMonitor.Storage.History;

/// <summary>
/// Four hours of a host, aligned to the Unix epoch, for which the rollups of five minutes of its gauges are stored once more, in one piece: a question about many hosts, or about a
/// day, then reads a ninth of what the minutes of all series in four hours are. Counters are not among them; they would take as much again.
/// </summary>
/// <remarks>
/// They are made in the transaction that compacts the last of the hours, from the minutes of all of them, and anew in each that changes one of them afterwards. So they are never
/// older than the minutes; and where there are none, the minutes are read.
/// </remarks>
internal static class FourHours
{
    private const long Hour = 3_600_000;
    private const int Shift = 2;

    private static readonly long Step = Rollups.Length(RollupTier.FiveMinutes);

    /// <summary>The four hours that an hour, since the Unix epoch, is in.</summary>
    public static long Of(long hour) => hour >> Shift;

    /// <summary>The first of the hours.</summary>
    public static long FirstHour(long four) => four << Shift;

    /// <summary>The last of them.</summary>
    public static long LastHour(long four) => FirstHour(four + 1) - 1;

    /// <summary>The first four hours that begin with this hour or later.</summary>
    public static long From(long hour) => Of(hour - 1) + 1;

    /// <summary>Whether an hour is the last of its four, with which they are put together.</summary>
    public static bool IsLast(long hour) => hour == LastHour(Of(hour));

    /// <summary>Puts together what is stored of four hours.</summary>
    /// <param name="stored">The minutes of some of the hours as they are stored.</param>
    /// <param name="made">Those of others, which count where both have one.</param>
    /// <returns>Null if there is nothing to store: there is no gauge, or minutes are damaged, of which whoever reads them is told.</returns>
    public static byte[]? Encode(IEnumerable<(long Hour, byte[] Minutes)> stored, IEnumerable<(long Hour, RollupBlock Minutes)> made)
    {
        var hours = new SortedDictionary<long, RollupBlock>();
        foreach (var (hour, minutes) in made) hours[hour] = minutes;
        try
        {
            foreach (var (hour, minutes) in stored)
            {
                if (!hours.ContainsKey(hour)) hours.Add(hour, RollupCodec.Decode(minutes));
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        var merged = new RollupJoin(RollupTier.Minute, long.MinValue, long.MaxValue, new RollupSteps(long.MinValue, Step));
        foreach (var minutes in hours.Values) merged.Add(minutes);
        var all = merged.ToBlock();
        var gauges = all with { Tier = RollupTier.FiveMinutes, Columns = [.. all.Columns.Where(column => !column.IsCounter)] };
        return gauges.Columns.IsEmpty || gauges.Starts.IsEmpty ? null : RollupCodec.Encode(gauges);
    }

    /// <summary>Of which four hours a reading can take what is stored of five minutes: its steps must be made of those, and its range not end within one. Empty (first after last) if of none.</summary>
    public static (long First, long Last) Serving(RollupReading reading)
    {
        var (range, steps) = (reading.Range, reading.Steps);
        if (!reading.AreGauges || reading.Tier != RollupTier.Minute || steps.Length <= 0 || steps.Length % Step != 0) return (0, -1);
        var (first, last) = (Of(FloorDivide(range.From, Hour)), Of(FloorDivide(range.To - 1, Hour)));
        if (range.From % Step != 0) first++;
        if (range.To % Step != 0 && range.To < (LastHour(last) + 1) * Hour) last--;

        // All buckets before the first step become one, and one is not cut for that.
        if (steps.From > range.From && steps.From % Step != 0) first = Math.Max(first, Of(FloorDivide(steps.From, Hour)) + 1);
        return (first, last);
    }

    private static long FloorDivide(long value, long by) => value / by - (value % by < 0 ? 1 : 0);
}
