using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class SampleRingTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private static readonly int[][] Sets = [[0], [0, 1, 2], [2, 1, 0], [], [5, 100_000, 7], [0, 1], [3, 4, 5]];

    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Elements(0, -0.0, 1, 12.5, 0.1, 1.0 / 3, 1e-7, 99.999999, double.Epsilon, double.MaxValue, double.MinValue, 1L << 53, (1L << 53) - 1, ulong.MaxValue, 1e21),
        Gen.Choose(-100_000, 100_000).SelectMany(mantissa => Gen.Choose(0, 7), (mantissa, exponent) => mantissa / Math.Pow(10, exponent)),
        ArbMap.Default.GeneratorFor<ulong>().Select(bits => BitConverter.UInt64BitsToDouble(unchecked(bits * 0x9E37_79B9_7F4A_7C15))).Where(double.IsFinite));

    private static readonly Gen<(int[] Ids, double[] Values)> Rows =
        Gen.Elements(Sets).SelectMany(ids => Gen.ArrayOf(Values, ids.Length), (ids, values) => (ids, values));

    [Fact]
    public void AnEmptyRing_HoldsNothing()
    {
        var ring = new SampleRing(Window, 200);

        Assert.Equal((0, null), (ring.Count, ring.Newest));
        Assert.False(ring.Contains(0));
        Assert.Empty(Read(ring));
        ring.DropAfter(0);
        Assert.Equal(0, ring.Count);
    }

    /// <summary>Adds in any order, repeats, changing sets, and clocks set back, against a list that keeps everything as it is.</summary>
    [Fact]
    public void AnyHistory_IsReadAsASortedListWould()
    {
        var adds = Gen.Zip(Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(200, 800)), Rows).Select(add => (At: add.Item1 * 1_000L, Row: ((int[] Ids, double[] Values)?)add.Item2));
        var drops = Gen.Choose(0, 800).Select(at => (At: at * 1_000L, Row: ((int[] Ids, double[] Values)?)null));
        var histories = Gen.ArrayOf(Gen.Frequency((20, adds), (1, drops)));
        Prop.ForAll(histories.ToArbitrary(), history =>
        {
            var ring = new SampleRing(Window, 10_000);
            var model = new SortedList<long, (int[] Ids, double[] Values)>();
            foreach (var (at, row) in history)
            {
                if (row is { } added)
                {
                    if (ring.Contains(at) != model.ContainsKey(at)) return false;
                    if (ring.Add(at, added.Ids, added.Values) != model.TryAdd(at, added)) return false;
                }
                else
                {
                    ring.DropAfter(at);
                    foreach (var gone in model.Keys.Where(key => key > at).ToList()) model.Remove(gone);
                }

                if (ring.Count != model.Count || ring.Newest != (model.Count == 0 ? null : model.Keys[^1])) return false;
            }

            return AreSame(Read(ring), model.Select(row => (row.Key, row.Value.Ids, row.Value.Values)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(300));
    }

    /// <summary>However long it runs: the newest are all there, what is read lies in the window, and what is held is bounded.</summary>
    [Fact]
    public void ALongRun_HoldsTheNewest_AndNoMoreThanItMay()
    {
        var histories = Gen.Zip(Gen.Choose(1, 80), Gen.ArrayOf(Gen.Zip(Gen.Choose(1, 60_000), Rows)));
        Prop.ForAll(histories.ToArbitrary(), history =>
        {
            var (capacity, steps) = history;
            var ring = new SampleRing(Window, capacity);
            var all = new List<(long At, int[] Ids, double[] Values)>();
            var at = 0L;
            foreach (var (after, (ids, values)) in steps)
            {
                ring.Add(at += after, ids, values);
                all.Add((at, ids, values));
                if (ring.Count >= capacity + 32) return false;
            }

            var read = Read(ring);
            var inWindow = all.Where(row => row.At >= at - (long)Window.TotalMilliseconds).ToList();
            return read.Count >= Math.Min(capacity, inWindow.Count) && read.Count <= inWindow.Count && AreSame(read, inWindow.TakeLast(read.Count));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(400));
    }

    [Fact]
    public void ASampleOlderThanTheWindow_IsNotAdded()
    {
        var ring = new SampleRing(Window, 200);
        Add(ring, 1_000_000_000);

        Assert.False(Add(ring, 1_000_000_000 - 900_001));
        Assert.True(Add(ring, 1_000_000_000 - 900_000));
        Assert.Equal([1_000_000_000 - 900_000, 1_000_000_000], Read(ring).Select(row => row.At));
    }

    [Fact]
    public void ASampleThatIsThere_IsNotAdded_AndTheFirstStays()
    {
        var ring = new SampleRing(Window, 200);
        for (var i = 0; i < 100; i++) ring.Add(i * 1_000, [0], [i]);

        for (var i = 0; i < 100; i++)
        {
            Assert.True(ring.Contains(i * 1_000));
            Assert.False(ring.Contains(i * 1_000 + 1));
            Assert.False(ring.Add(i * 1_000, [0], [-1]));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i), Read(ring).Select(row => row.Values[0]));
    }

    [Fact]
    public void ALateSample_IsPutInItsPlace()
    {
        var ring = new SampleRing(Window, 200);
        foreach (var second in new[] { 10, 20, 40, 50, 30, 5, 45 }) Assert.True(Add(ring, second * 1_000));

        Assert.Equal([5_000, 10_000, 20_000, 30_000, 40_000, 45_000, 50_000], Read(ring).Select(row => row.At));
        Assert.Equal(50_000, ring.Newest);
    }

    [Fact]
    public void AfterDropAfter_TheRingGoesOnFromThere()
    {
        var ring = new SampleRing(Window, 200);
        for (var i = 1; i <= 100; i++) Add(ring, i * 1_000);

        ring.DropAfter(50_000);
        Assert.Equal((50, 50_000), (ring.Count, ring.Newest));
        Assert.True(Add(ring, 51_000));
        Assert.Equal(Enumerable.Range(1, 51).Select(i => i * 1_000L), Read(ring).Select(row => row.At));

        ring.DropAfter(0);
        Assert.Equal((0, null), (ring.Count, ring.Newest));
        Assert.True(Add(ring, 10));
    }

    [Fact]
    public void AgentsOfTheUsualKind_FillTheWindowWithoutLoss()
    {
        var options = new HostOptions();
        var ring = new SampleRing(options.RingWindow, options.RingCapacity);
        for (var i = 0; i < 1_000; i++) Add(ring, i * 5_000);

        // 15 minutes at 5 s, both ends included.
        Assert.Equal(181, Read(ring).Count);
    }

    [Fact]
    public void TheIdsAndValuesOfARow_AreReadTogether()
    {
        var ring = new SampleRing(Window, 200);
        ring.Add(1, [3, 1], [30, 10]);
        ring.Add(2, [1], [11]);
        ring.Add(3, [1], [12.5]);
        ring.Add(4, [3, 1], [31, 13]);

        var rows = Read(ring);
        Assert.Equal(["3=30,1=10", "1=11", "1=12.5", "3=31,1=13"], rows.Select(row => string.Join(',', row.Ids.Zip(row.Values, (id, value) => FormattableString.Invariant($"{id}={value}")))));
    }

    private static bool Add(SampleRing ring, long at) => ring.Add(at, [0, 1], [at, at / 3.0]);

    private static List<(long At, int[] Ids, double[] Values)> Read(SampleRing ring)
    {
        var rows = new List<(long, int[], double[])>();
        ring.Read((at, ids, values) => rows.Add((at, [.. ids], [.. values])));
        return rows;
    }

    private static bool AreSame(IEnumerable<(long At, int[] Ids, double[] Values)> a, IEnumerable<(long At, int[] Ids, double[] Values)> b) =>
        a.Select(Text).SequenceEqual(b.Select(Text));

    private static string Text((long At, int[] Ids, double[] Values) row) =>
        $"{row.At}:{string.Join(',', row.Ids)}:{string.Join(',', row.Values.Select(BitConverter.DoubleToUInt64Bits))}";
}
