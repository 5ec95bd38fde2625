namespace StatusMonitor.Storage.History.Coding;

/// <summary>Which buckets of a column become one: runs of neighbours, one after the other, by their places among the buckets that have a value.</summary>
/// <param name="begin">Place where the first run begins; what is before it is left out.</param>
/// <param name="ends">By run: the place after its last; that of the run before if it has none.</param>
internal readonly ref struct BucketRuns(int begin, ReadOnlySpan<int> ends)
{
    public int Begin { get; } = begin;

    public ReadOnlySpan<int> Ends { get; } = ends;
}
