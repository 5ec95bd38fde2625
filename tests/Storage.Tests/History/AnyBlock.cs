using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Tests.Samples;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>Blocks as hosts make them, and all others.</summary>
internal static class AnyBlock
{
    /// <summary>2025-11-22, 11:00 UTC.</summary>
    public const long Hour = 1_763_809_200_000;

    /// <summary>Of every kind of series and of times, from no samples to some hundred.</summary>
    public static readonly Gen<SampleBlock> Any = Seeded(random => Make(random, random.Next(8) == 0 ? random.Next(3) : random.Next(400), Series(random), awkward: true));

    /// <summary>Of decimals alone, as agents send them, so that sums are exact.</summary>
    public static readonly Gen<SampleBlock> Decimals = Seeded(random => Make(random, random.Next(600), Series(random), awkward: false));

    /// <summary>Several of the same host and the same hours.</summary>
    public static readonly Gen<SampleBlock[]> Pieces = Seeded(random =>
    {
        var series = Series(random);
        return Enumerable.Range(0, random.Next(1, 6)).Select(_ => Make(random, random.Next(120), [.. series.Where(_ => random.Next(4) > 0)], awkward: true, coarse: true)).ToArray();
    });

    /// <summary>A third of the series are counters.</summary>
    public static bool IsCounter(int seriesId) => seriesId % 3 == 0;

    /// <summary>To the bit; values that are absent are alike.</summary>
    public static bool AreSame(SampleBlock a, SampleBlock b) =>
        a.Times.SequenceEqual(b.Times)
        && a.Intervals.SequenceEqual(b.Intervals)
        && a.Columns.Length == b.Columns.Length
        && a.Columns.Zip(b.Columns).All(pair => AreSame(pair.First, pair.Second));

    public static bool AreSame(SampleColumn a, SampleColumn b) => a.SeriesId == b.SeriesId && a.Values.Length == b.Values.Length && a.Values.Zip(b.Values).All(pair => IsSame(pair.First, pair.Second));

    public static bool IsSame(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : Doubles.AreSame(a, b);

    /// <summary>The same for the same seed, which is what a failure shows.</summary>
    public static Gen<T> Seeded<T>(Func<Random, T> make) => Gen.Choose(0, int.MaxValue).Select(seed => make(new Random(seed)));

    private static int[] Series(Random random) => [.. Enumerable.Range(0, random.Next(9)).Select(_ => random.Next(20) == 0 ? random.Next() : random.Next(40)).Distinct().Order()];

    private static SampleBlock Make(Random random, int count, int[] series, bool awkward, bool coarse = false)
    {
        var times = Times(random, count, coarse);
        var intervals = random.Next(3) == 0 ? times.Select(_ => random.Next(10) == 0 ? 60_000 : 5_000) : times.Select(_ => 5_000);
        return new SampleBlock(times, [.. intervals], [.. series.Select(id => new SampleColumn(id, Values(random, id, count, awkward)))]);
    }

    private static ImmutableArray<long> Times(Random random, int count, bool coarse)
    {
        var at = Hour + (coarse ? random.Next(60) * 5_000L : random.Next(3_600_000));
        var (jitter, gaps) = (random.Next(3) == 0 ? random.Next(1, 400) : 0, random.Next(3) == 0);
        var times = ImmutableArray.CreateBuilder<long>(count);
        for (var i = 0; i < count; i++)
        {
            times.Add(at);
            at += 5_000;
            if (!coarse && jitter > 0) at += random.Next(jitter * 2) - jitter;
            if (gaps && random.Next(20) == 0) at += random.Next(300) * 5_000L;
        }

        return times.MoveToImmutable();
    }

    private static ImmutableArray<double> Values(Random random, int id, int count, bool awkward)
    {
        double[] values = (IsCounter(id) ? random.Next(awkward ? 4 : 2) : random.Next(awkward ? 7 : 4)) switch
        {
            0 when IsCounter(id) => Counter(random, count, 4096, Math.Round),
            1 when IsCounter(id) => Counter(random, count, 1, value => Math.Round(value, 2)),
            2 when IsCounter(id) => Counter(random, count, 1e13, Math.Round),
            3 when IsCounter(id) => Counter(random, count, 1, value => value),
            0 => Walk(random, count, 1),
            1 => Walk(random, count, 3),
            2 => [.. Enumerable.Range(0, count).Select(_ => random.Next(8) == 0 ? random.Next(32) / 10.0 : 0)],
            3 => [.. Enumerable.Repeat(random.Next(1_000) / 100.0, count)],
            4 => [.. Enumerable.Range(0, count).Select(_ => Doubles.Awkward[random.Next(Doubles.Awkward.Length)])],
            5 => [.. Enumerable.Range(0, count).Select(_ => Finite(random))],
            _ => [.. Walk(random, count, 2).Select(value => (double)(float)(value / 3))],
        };

        var absent = random.Next(4) switch { 0 => random.NextDouble(), 1 => 0.02, _ => 0 };
        if (random.Next(20) == 0) absent = 1;
        return [.. values.Select(value => random.NextDouble() < absent ? double.NaN : value)];
    }

    private static double[] Walk(Random random, int count, int decimals)
    {
        var (values, at) = (new double[count], 50.0);
        // Plus 0, because no decimal is minus zero.
        for (var i = 0; i < count; i++) values[i] = at = Math.Round(Math.Clamp(at + (random.NextDouble() - 0.5) * 5, -20, 100), decimals) + 0.0;
        return values;
    }

    private static double[] Counter(Random random, int count, double unit, Func<double, double> shape)
    {
        var (values, at) = (new double[count], random.Next(1_000_000) * unit);
        var resets = random.Next(2) == 0 ? 50 : int.MaxValue;
        for (var i = 0; i < count; i++)
        {
            at = random.Next(resets) == 0 ? 0 : at;
            values[i] = at = shape(at + random.NextDouble() * random.Next(1_000) * unit);
        }

        return values;
    }

    private static double Finite(Random random)
    {
        var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(value) ? value : 0;
    }
}
