using System.Reflection;

namespace StatusMonitor.Protocol.Tests;

public sealed class KnownSeriesTests
{
    [Fact]
    public void EveryName_IsCanonicalAndHasNoLabels()
    {
        foreach (var definition in KnownSeries.All())
        {
            Assert.True(SeriesName.TryParse(definition.Name, out var series, out var error), $"{definition.Name} {error}");
            Assert.Equal(definition.Name, series.ToString());
            Assert.Empty(series.Labels);
        }
    }

    [Fact]
    public void EveryLabel_MayStandInASeries()
    {
        foreach (var definition in KnownSeries.All().Where(definition => definition.Label is not null))
        {
            Assert.True(SeriesName.TryCreate(definition.Name, [new SeriesLabel(definition.Label!, "x")], out _, out var error), $"{definition.Name} {error}");
        }
    }

    [Fact]
    public void Names_AreUnique()
    {
        var names = KnownSeries.All().Select(definition => definition.Name).ToList();

        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void EveryConstant_IsDefined()
    {
        var constants = typeof(KnownSeries).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.NotEmpty(constants);
        Assert.Equal(constants.Order(StringComparer.Ordinal), KnownSeries.All().Select(definition => definition.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryDefinition_HasAMeaning_AndCountersHaveAUnit()
    {
        foreach (var definition in KnownSeries.All())
        {
            Assert.EndsWith(".", definition.Meaning, StringComparison.Ordinal);
            Assert.True(definition.Kind == SeriesKind.Gauge || definition.Unit.Length > 0, definition.Name);
            Assert.Equal(definition.Name.EndsWith(".percent", StringComparison.Ordinal), definition.Unit == "percent");
            if (definition.Name.EndsWith(".bytes", StringComparison.Ordinal)) Assert.Equal("bytes", definition.Unit);
        }
    }

    [Fact]
    public void AKnownName_IsDescribed()
    {
        var definition = KnownSeries.Describe("net.rx.bytes");

        Assert.Equal(("bytes", SeriesKind.Counter, "nic"), (definition.Unit, definition.Kind, definition.Label));
    }

    [Fact]
    public void AnUnknownName_IsAGaugeWithoutAUnit() =>
        Assert.Equal(new SeriesDefinition("my.own", "", SeriesKind.Gauge, null, ""), KnownSeries.Describe("my.own"));
}
