using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class SparklineTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(100);

    private readonly SampleRing _ring = new(Window, 1_000);

    [Fact]
    public void EachPoint_IsTheLargestValueOfItsPart()
    {
        for (var second = 1; second <= 100; second++) Add(second, second == 33 ? 99 : second % 10);

        // The last part also holds the newest sample.
        Assert.Equal([9, 9, 9, 99, 9, 9, 9, 9, 9, 9], Points(0, Window, 10));
    }

    [Fact]
    public void APartWithoutSamples_IsNaN()
    {
        Add(1, 5);
        Add(100, 7);

        Assert.Equal([5, double.NaN, double.NaN, 7], Points(0, Window, 4));
    }

    [Fact]
    public void NegativeValues_HaveTheirLargestToo()
    {
        Add(98, -5);
        Add(99, -2);
        Add(100, -3);

        Assert.Equal([-2], Points(0, Window, 1));
    }

    [Fact]
    public void AnotherSeries_IsNotMixedIn()
    {
        _ring.Add(1_000, [0, 1], [5, 50]);
        _ring.Add(2_000, [1], [60]);

        Assert.Equal([5], Points(0, Window, 1));
        Assert.Equal([60], Points(1, Window, 1));
    }

    [Fact]
    public void NothingToShow_IsEmpty()
    {
        Assert.Empty(Points(0, Window, 10));
        Add(1, 5);
        Assert.Empty(Points(-1, Window, 10));
        Assert.Empty(Points(0, Window, 0));
    }

    /// <summary>As its summary says; a caller that gets points without a value cannot tell them from a gap.</summary>
    [Fact]
    public void ASeriesWithoutSamples_IsEmpty()
    {
        Add(1, 5);

        Assert.Empty(Points(3, Window, 10));
    }

    private List<double> Points(int seriesId, TimeSpan window, int points) => [.. Sparkline.Of(_ring, seriesId, window, points)];

    private void Add(int second, double value) => _ring.Add(second * 1_000, [0], [value]);
}
