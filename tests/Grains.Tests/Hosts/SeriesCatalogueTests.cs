using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class SeriesCatalogueTests
{
    private readonly SeriesCatalogue _catalogue = new(maxSeries: 100);

    [Fact]
    public void NewSeries_AreNumberedInOrderOfAppearance()
    {
        Assert.Equal([0, 1], Map("b", "a"));
        Assert.Equal([1, 2, 0], Map("a", "c", "b"));
        Assert.Equal(["b", "a", "c"], _catalogue.Names);
        Assert.Equal((0, 2, -1), (_catalogue.Find("b"), _catalogue.Find("c"), _catalogue.Find("d")));
    }

    [Fact]
    public void ManySeries_AreNumberedAsFewAre()
    {
        var names = Enumerable.Range(0, 90).Select(i => $"m{i}").ToArray();

        Assert.Equal(Enumerable.Range(0, 90), Map(names));
        Assert.Equal(Enumerable.Range(0, 90).Reverse(), Map([.. names.Reverse()]));
        Assert.Equal([5, 90], Map("m5", "new"));
    }

    [Fact]
    public void WhatIsNotStored_IsToldUntilItIs()
    {
        Map("a", "b");
        Assert.Equal([new SeriesEntry(0, "a"), new SeriesEntry(1, "b")], _catalogue.Unstored());

        // The write failed; the next one has them again, and what has come since.
        Map("a", "c");
        var entries = _catalogue.Unstored();
        Assert.Equal([new SeriesEntry(0, "a"), new SeriesEntry(1, "b"), new SeriesEntry(2, "c")], entries);

        Map("d");
        _catalogue.Stored(entries);
        Assert.Equal([new SeriesEntry(3, "d")], _catalogue.Unstored());
        _catalogue.Stored(_catalogue.Unstored());
        Assert.Empty(_catalogue.Unstored());
    }

    [Fact]
    public void WhatIsLoaded_KeepsItsNumbers_AndIsStored()
    {
        _catalogue.Load([new SeriesEntry(0, "a"), new SeriesEntry(1, "b")]);

        Assert.Equal([1, 2], Map("b", "c"));
        Assert.Equal([new SeriesEntry(2, "c")], _catalogue.Unstored());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void ALoadedCatalogueWithAGap_IsRefused(int id) =>
        Assert.Throws<InvalidDataException>(() => _catalogue.Load([new SeriesEntry(id, "a")]));

    [Fact]
    public void TooManySeries_ChangeNothing()
    {
        Map([.. Enumerable.Range(0, 99).Select(i => $"m{i}")]);

        Assert.False(_catalogue.TryMap(Set("m5", "x", "y"), out _));
        Assert.Equal(99, _catalogue.Names.Count);
        Assert.Equal(-1, _catalogue.Find("x"));

        Assert.Equal([5, 99], Map("m5", "x"));
        Assert.False(_catalogue.TryMap(Set("y"), out _));
        Assert.Equal([99], Map("x"));
    }

    /// <summary>An operator who lowers the limit must not silence the hosts that are over it already.</summary>
    [Fact]
    public void MoreStoredThanAllowed_StillReportsWhatIsKnown()
    {
        var catalogue = new SeriesCatalogue(maxSeries: 1);
        catalogue.Load([new SeriesEntry(0, "a"), new SeriesEntry(1, "b")]);

        Assert.True(catalogue.TryMap(Set("a", "b"), out var ids));
        Assert.Equal([0, 1], ids);
        Assert.False(catalogue.TryMap(Set("a", "c"), out _));
    }

    [Fact]
    public void AnEqualSet_IsMappedToTheSameIds() => Assert.Same(Map("a", "b"), Map("a", "b"));

    [Fact]
    public void AnySets_AreMappedAsAPlainListWould()
    {
        var sets = Gen.ArrayOf(Gen.SubListOf(Enumerable.Range(0, 60).Select(i => $"m{i}")).SelectMany(names => Gen.Shuffle(names.ToArray()), (_, shuffled) => shuffled));
        Prop.ForAll(sets.ToArbitrary(), history =>
        {
            var catalogue = new SeriesCatalogue(int.MaxValue);
            var model = new List<string>();
            return history.All(names =>
            {
                foreach (var name in names.Where(name => !model.Contains(name))) model.Add(name);
                return catalogue.TryMap(Set(names), out var ids) && ids.SequenceEqual(names.Select(name => model.IndexOf(name))) && catalogue.Names.SequenceEqual(model);
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Names_AreSharedBetweenHosts()
    {
        var other = new SeriesCatalogue(10);
        _catalogue.Load([new SeriesEntry(0, new string(['c', 'p', 'u', '.', 'q']))]);
        other.Load([new SeriesEntry(0, new string(['c', 'p', 'u', '.', 'q']))]);

        Assert.Same(_catalogue.Names[0], other.Names[0]);
    }

    private static SeriesSet Set(params string[] names) => new([.. names]);

    private int[] Map(params string[] names)
    {
        Assert.True(_catalogue.TryMap(Set(names), out var ids));
        return ids;
    }
}
