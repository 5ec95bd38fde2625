using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests.Collectors;

public sealed class CollectorSetTests
{
    [Fact]
    public void CollectorThatFails_CostsItsOwnValuesOnlyAndIsReportedOnce()
    {
        using var log = new LogText();
        var set = new CollectorSet([new Failing(), new Fixed("a.b", 1)], log.Log);
        var samples = new SampleSet();
        set.Collect(samples);
        set.Collect(samples);
        Assert.Equal(1, samples.Values["a.b"]);
        Assert.Equal(1, log.Count("Could not collect failing things"));
    }

    [Fact]
    public void MissingSource_IsWarnedOfOnce()
    {
        using var log = new LogText();
        using var machine = Machine.Empty();
        var set = new CollectorSet([new UptimeCollector(machine.Files)], log.Log);
        set.Collect(new SampleSet());
        set.Collect(new SampleSet());
        Assert.Equal(1, log.Count("There is no data about uptime"));
    }

    [Fact]
    public void TooManySeries_AreCutToWhatAReportMayHold()
    {
        using var log = new LogText();
        var set = new CollectorSet([.. Enumerable.Range(0, ReportLimits.MaxSeriesPerReport + 5).Select(number => new Fixed($"a.s{number}", number))], log.Log);
        var samples = new SampleSet();
        set.Collect(samples);
        set.Collect(samples);
        Assert.Equal(ReportLimits.MaxSeriesPerReport, samples.Values.Count);
        Assert.Equal(1, log.Count("more series than a report may hold; 5 are left away"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhatIsNoNumber_IsLeftAway(double value)
    {
        var samples = new SampleSet();
        samples.Add("a.b", value);
        Assert.Empty(samples.Values);
    }

    [Theory]
    [InlineData("centos7-3.10")]
    [InlineData("ubuntu2204-5.15-laptop")]
    [InlineData("debian12-6.1-server")]
    [InlineData("container-6.6-arm64")]
    [InlineData("manycore-5.4")]
    [InlineData("microvm-6.18")]
    public void EverySeriesOfAnyMachine_IsKnownAndCanonicalAndHasItsLabel(string name)
    {
        using var machine = Machine.Recorded(name);
        using var log = new LogText();
        var samples = new SampleSet();
        CollectorSet.ForLinux(machine.Files, TimeProvider.System, log.Log).Collect(samples);
        Assert.NotEmpty(samples.Values);
        Assert.Equal(0, log.Count("Could not collect"));
        var known = KnownSeries.All().ToDictionary(definition => definition.Name);
        foreach (var text in samples.Values.Keys)
        {
            Assert.True(SeriesName.TryParse(text, out var series, out var error), $"{text} {error}");
            Assert.Equal(text, series.ToString());
            Assert.True(known.TryGetValue(series.Name, out var definition), $"{text} is not a known series.");
            Assert.Equal(definition.Label is null ? [] : [definition.Label], series.Labels.Select(label => label.Name));
        }
    }

    private sealed class Failing : ICollector
    {
        public string Name => "failing things";

        public Outcome Collect(SampleSet samples) => throw new InvalidOperationException("broken");
    }

    private sealed class Fixed(string series, double value) : ICollector
    {
        public string Name => series;

        public Outcome Collect(SampleSet samples)
        {
            samples.Add(series, value);
            return Outcome.Collected;
        }
    }
}
