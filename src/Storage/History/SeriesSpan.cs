namespace StatusMonitor.Storage.History;

/// <summary>From when to when a series has values, Unix milliseconds; both are times of a value.</summary>
internal readonly record struct SeriesSpan(long FirstAt, long LastAt)
{
    public static SeriesSpan None { get; } = new(long.MaxValue, long.MinValue);

    public SeriesSpan With(SeriesSpan other) => new(Math.Min(FirstAt, other.FirstAt), Math.Max(LastAt, other.LastAt));

    /// <summary>Brings spans by series up to these samples and gives how many values there are.</summary>
    public static long Add(Dictionary<int, SeriesSpan> spans, SampleBlock samples)
    {
        var values = 0L;
        foreach (var column in samples.Columns)
        {
            var (first, last) = (-1, -1);
            for (var i = 0; i < column.Values.Length; i++)
            {
                if (double.IsNaN(column.Values[i])) continue;
                if (first < 0) first = i;
                last = i;
                values++;
            }

            if (first >= 0) spans[column.SeriesId] = spans.GetValueOrDefault(column.SeriesId, None).With(new SeriesSpan(samples.Times[first], samples.Times[last]));
        }

        return values;
    }
}
