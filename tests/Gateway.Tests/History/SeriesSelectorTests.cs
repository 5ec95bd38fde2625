using StatusMonitor.Gateway.History;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

public sealed class SeriesSelectorTests
{
    private static readonly StoredSeries[] Catalogue =
    [
        .. new[]
        {
            "net.tx.bytes{nic=eth0}", "cpu.percent", "disk.used.percent{mount=/}", "disk.used.percent{mount=/data1}", "disk.used.percent{mount=/data2}", "cpu.percent.other",
            "cpu.core.percent{core=1}", "cpu.core.percent{core=0}", "net.rx.bytes{nic=eth0}", "net.rx.bytes{nic=eth0,queue=1}", "net.rx.bytes{nic=lo}", "disk.used.percent{mount=\"/a,*\"}",
        }.Select((name, id) => new StoredSeries(id, name, 1000 + id, 2000)),
    ];

    [Theory]
    [InlineData("cpu.percent", "cpu.percent")]
    [InlineData("cpu.core.percent", "cpu.core.percent{core=0} cpu.core.percent{core=1}")]
    [InlineData("cpu.core.percent{*}", "cpu.core.percent{core=0} cpu.core.percent{core=1}")]
    [InlineData("cpu.core.percent{core=1}", "cpu.core.percent{core=1}")]
    [InlineData("cpu.core.percent{core=\"1\"}", "cpu.core.percent{core=1}")]
    [InlineData("cpu.core.percent{core=2}", "")]
    [InlineData("disk.used.percent{mount=/data*}", "disk.used.percent{mount=/data1} disk.used.percent{mount=/data2}")]
    [InlineData("disk.used.percent{mount=*2}", "disk.used.percent{mount=/data2}")]
    [InlineData("disk.used.percent{mount=\"/a,*\"}", "disk.used.percent{mount=\"/a,*\"}")]
    [InlineData("net.rx.bytes{nic=eth0}", "net.rx.bytes{nic=eth0}")]
    [InlineData("net.rx.bytes{nic=eth*}", "net.rx.bytes{nic=eth0,queue=1} net.rx.bytes{nic=eth0}")]
    [InlineData("net.rx.bytes{queue=*}", "net.rx.bytes{nic=eth0,queue=1}")]
    [InlineData("net.rx.bytes{queue=*,nic=*}", "net.rx.bytes{nic=eth0,queue=1}")]
    [InlineData("net.rx.bytes{other=*}", "")]
    [InlineData("net.rx", "")]
    public void Selector_PicksByNameAndLabels(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Select(HistoryView.Auto, text).Series.Select(series => series.Name)));

    [Fact]
    public void SeveralSelectors_KeepTheirOrderAndPickEachSeriesOnce()
    {
        var selection = Select(HistoryView.Auto, "net.rx.bytes{nic=lo}", "cpu.core.percent", "cpu.core.percent{core=1}", "cpu.percent");
        Assert.Equal(["net.rx.bytes{nic=lo}", "cpu.core.percent{core=0}", "cpu.core.percent{core=1}", "cpu.percent"], selection.Series.Select(series => series.Name));
        Assert.Equal([1, 6, 7, 10], selection.Ids.ToArray());
        Assert.Equal(1000, selection.KnownSince);
    }

    [Fact]
    public void Counters_AreRatesUnlessTheirValueIsAskedFor()
    {
        foreach (var (view, isRate) in new[] { (HistoryView.Auto, true), (HistoryView.Rate, true), (HistoryView.Value, false) })
        {
            var selection = Select(view, "net.rx.bytes{nic=lo}", "cpu.percent");
            Assert.Equal([isRate, false], selection.Series.Select(series => series.IsRate));
            Assert.Equal([isRate ? "bytes/s" : "bytes", "percent"], selection.Series.Select(series => series.Unit));
            Assert.Equal(isRate, selection.HasRates);
        }

        Assert.Equal(SeriesKind.Counter, Select(HistoryView.Value, "net.rx.bytes{nic=lo}").Series[0].Definition.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("cpu.*")]
    [InlineData("cpu.percent{")]
    [InlineData("cpu.percent{core}")]
    [InlineData("cpu.percent{*,core=1}")]
    [InlineData("cpu percent")]
    public void WhatIsNoName_IsRefusedWithASentence(string text)
    {
        Assert.False(SeriesSelector.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "*", true)]
    [InlineData("a", "", false)]
    [InlineData("abc", "a*c", true)]
    [InlineData("abc", "*b*", true)]
    [InlineData("abcbc", "a*bc", true)]
    [InlineData("abcbd", "a*bc", false)]
    [InlineData("aaa", "a*a*a", true)]
    [InlineData("aa", "a*a*a", false)]
    [InlineData("abc", "abc*", true)]
    [InlineData("abc", "ABC", false)]
    public void Star_StandsForAnything(string text, string pattern, bool expected) => Assert.Equal(expected, SeriesSelector.IsLike(text, pattern));

    [Fact]
    public void ManyStars_TakeNoTime() => Assert.False(SeriesSelector.IsLike(new string('a', 256), string.Concat(Enumerable.Repeat("a*", 120)) + "b"));

    private static SeriesSelection Select(HistoryView view, params string[] texts) => SeriesSelection.Of(
        Catalogue,
        [.. texts.Select(text => SeriesSelector.TryParse(text, out var selector, out var error) ? selector : throw new ArgumentException(error))],
        view);
}
