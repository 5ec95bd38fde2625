using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Tests.Samples;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>Rollups of any samples, and such as no samples would make.</summary>
internal static class AnyRollups
{
    public static readonly Gen<RollupBlock> Any = Gen.OneOf(
        AnyBlock.Any.Select(block => Rollups.Minutes(block, AnyBlock.IsCounter)),
        AnyBlock.Any.Select(block => Rollups.QuarterHours(Rollups.Minutes(block, AnyBlock.IsCounter))),
        AnyBlock.Decimals.Select(block => Rollups.Minutes(block, AnyBlock.IsCounter)),
        AnyBlock.Any.SelectMany(block => AnyBlock.Seeded(random => Odd(Rollups.Minutes(block, AnyBlock.IsCounter), random))));

    /// <summary>To the bit; NaN are alike.</summary>
    public static bool AreSame(RollupBlock a, RollupBlock b) =>
        a.Tier == b.Tier
        && a.Starts.SequenceEqual(b.Starts)
        && a.FirstAt.SequenceEqual(b.FirstAt)
        && a.LastAt.SequenceEqual(b.LastAt)
        && a.Columns.Length == b.Columns.Length
        && a.Columns.Zip(b.Columns).All(pair => AreSame(pair.First, pair.Second));

    private static bool AreSame(RollupColumn a, RollupColumn b) =>
        (a.SeriesId, a.IsCounter, a.Points.Length) == (b.SeriesId, b.IsCounter, b.Points.Length) && a.Points.Zip(b.Points).All(pair => AreSame(pair.First, pair.Second));

    public static bool AreSame(RollupPoint a, RollupPoint b) =>
        (a.Count, a.FirstAt, a.LastAt) == (b.Count, b.FirstAt, b.LastAt)
        && AnyBlock.IsSame(a.Sum, b.Sum) && AnyBlock.IsSame(a.Min, b.Min) && AnyBlock.IsSame(a.Max, b.Max) && AnyBlock.IsSame(a.First, b.First) && AnyBlock.IsSame(a.Last, b.Last);

    /// <summary>The same with some numbers that fit nothing around them.</summary>
    private static RollupBlock Odd(RollupBlock block, Random random) => block with
    {
        Columns =
        [
            .. block.Columns.Select(column => column with
            {
                Points = [.. column.Points.Select(point => point.Count == 0 || random.Next(4) > 0 ? point : Odd(point, column.IsCounter, random))],
            }),
        ],
    };

    private static RollupPoint Odd(RollupPoint point, bool isCounter, Random random) => random.Next(5) switch
    {
        0 => point with { Sum = Double(random) },
        1 => point with { Min = Double(random) },
        2 => point with { Max = Double(random) },
        3 when isCounter => point with { First = Double(random), LastAt = point.LastAt + random.Next(1_000) },
        4 when isCounter => point with { Last = Double(random), Min = double.NaN },
        _ => point with { Count = random.Next(1, int.MaxValue) },
    };

    private static double Double(Random random) => Doubles.Awkward[random.Next(Doubles.Awkward.Length)];
}
