using FsCheck;
using FsCheck.Fluent;

namespace StatusMonitor.Protocol.Tests;

public sealed class SeriesNameTests
{
    private static readonly Gen<string> Names =
        from first in Gen.Elements('a', 'Z', 'q')
        from rest in Gen.ArrayOf(Gen.Elements("a", "B", "7", "_", ".c", ".9_"))
        select (first + string.Concat(rest))[..Math.Min(40, 1 + rest.Sum(part => part.Length))].TrimEnd('.');

    private static readonly Gen<string> LabelNames =
        from first in Gen.Elements('a', 'b', 'c', '_', 'Z')
        from rest in Gen.ArrayOf(Gen.Elements('a', 'b', '0', '_'))
        select first + new string(rest[..Math.Min(10, rest.Length)]);

    /// <summary>Much of what would break a careless format, and some of what people name their disks.</summary>
    private static readonly Gen<string> LabelValues =
        from parts in Gen.ArrayOf(Gen.Elements("\"", "\\", ",", "{", "}", "=", " ", "/", "a", "ö", "😀", "\u2028", "\\\"", "disk"))
        select string.Concat(parts.Take(20));

    private static readonly Gen<SeriesName> Series =
        from name in Names
        from labels in Gen.ArrayOf(Gen.Zip(LabelNames, LabelValues))
        select SeriesName.Create(name, [.. labels.DistinctBy(label => label.Item1).Take(SeriesName.MaxLabels).Select(label => new SeriesLabel(label.Item1, label.Item2))]);

    public static TheoryData<string, string> Spellings => new()
    {
        { "cpu.percent", "cpu.percent" },
        { "cpu.percent{}", "cpu.percent" },
        { "cpu.core.percent{core=3}", "cpu.core.percent{core=3}" },
        { "cpu.core.percent{core=\"3\"}", "cpu.core.percent{core=3}" },
        { "disk.used.bytes{mount=/}", "disk.used.bytes{mount=/}" },
        { "tcp{state=x,family=6}", "tcp{family=6,state=x}" },
        { "tcp{Zone=1,_a=2,a=3}", "tcp{Zone=1,_a=2,a=3}" },
        { "d{m=\"/mnt/a,b\"}", "d{m=\"/mnt/a,b\"}" },
        { "d{m=\"a\\\"b\\\\c\"}", "d{m=\"a\\\"b\\\\c\"}" },
        { "d{m=}", "d{m=}" },
        { "d{m=\"\"}", "d{m=}" },
        { "d{m= a b }", "d{m= a b }" },
        { "d{m=Ünicode 😀}", "d{m=Ünicode 😀}" },
        { "d{m=\"=\"}", "d{m=\"=\"}" },
    };

    public static TheoryData<string, string> Wrong => new()
    {
        { "", "has no name" },
        { "{a=b}", "has no name" },
        { "7up", "must have a name that begins with a letter" },
        { ".a", "must have a name that begins with a letter" },
        { "_a", "must have a name that begins with a letter" },
        { "a b", "must have a name of letters, digits, '.' and '_'" },
        { "a-b", "must have a name of letters, digits, '.' and '_'" },
        { "cpü", "must have a name of letters, digits, '.' and '_'" },
        { "a}", "must have a name of letters, digits, '.' and '_'" },
        { "a\n", "must have a name of letters, digits, '.' and '_'" },
        { "a..b", "has an empty part in its name" },
        { "a.", "has an empty part in its name" },
        { "a{", "must write its labels as {name=value,…}" },
        { "a{b", "must write its labels as {name=value,…}" },
        { "a{b}", "must write its labels as {name=value,…}" },
        { "a{b=", "must write its labels as {name=value,…}" },
        { "a{b=c", "must write its labels as {name=value,…}" },
        { "a{b=c,", "must write its labels as {name=value,…}" },
        { "a{b=c,}", "must write its labels as {name=value,…}" },
        { "a{,}", "must write its labels as {name=value,…}" },
        { "a{b=c=d}", "must write its labels as {name=value,…}" },
        { "a{b=c{d}}", "must write its labels as {name=value,…}" },
        { "a{b=c\"d\"}", "must write its labels as {name=value,…}" },
        { "a{b=\"c}", "must write its labels as {name=value,…}" },
        { "a{b=\"c\"", "must write its labels as {name=value,…}" },
        { "a{b=\"c\\", "must write its labels as {name=value,…}" },
        { "a{b=\"c\\\"}", "must write its labels as {name=value,…}" },
        { "a{b=\"\\n\"}", "must write its labels as {name=value,…}" },
        { "a{b=\"c\"d}", "must end with its labels" },
        { "a{b=c}d", "must end with its labels" },
        { "a{b=c}{d=e}", "must end with its labels" },
        { "a{b=c} ", "must end with its labels" },
        { "a{=c}", "must have label names of 1 to 64 characters" },
        { "a{1=c}", "has a label name '1' that does not begin with a letter" },
        { "a{ b=c}", "has a label name ' b' that does not begin with a letter" },
        { "a{b.c=d}", "has a label name 'b.c' with other characters than letters, digits and '_'" },
        { "a{b\r\n=d}", "has a label name 'b??' with other characters than letters, digits and '_'" },
        { "a{b=c,b=d}", "has label 'b' twice" },
        { "a{b=c,b=c}", "has label 'b' twice" },
        { "a{b=\u0000}", "has a control character in label 'b'" },
        { "a{b=x\ny}", "has a control character in label 'b'" },
        { "a{b=\"\u001b[31m\"}", "has a control character in label 'b'" },
        { "a{b=\u007f}", "has a control character in label 'b'" },
        { "a{b=\u0085}", "has a control character in label 'b'" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void ASpelling_IsReadAsItsCanonicalText(string spelling, string canonical)
    {
        Assert.True(SeriesName.TryParse(spelling, out var series, out var error), error);

        Assert.Equal(canonical, series.ToString());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void AWrongText_IsRefusedWithTheReason(string text, string reason)
    {
        Assert.False(SeriesName.TryParse(text, out var series, out var error));

        Assert.Null(series);
        Assert.Equal(reason, error);
    }

    [Fact]
    public void ACanonicalText_IsReadBackAsTheSameSeries() => Prop.ForAll(Series.ToArbitrary(), series =>
    {
        if (!SeriesName.TryParse(series.ToString(), out var again, out var error)) throw new Xunit.Sdk.XunitException($"{series}: {error}");
        return again.Equals(series) && again.Name == series.Name && again.Labels.SequenceEqual(series.Labels) && again.ToString() == series.ToString();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheOrderOfLabels_DoesNotMatter() => Prop.ForAll(Series.ToArbitrary(), series =>
    {
        var reversed = SeriesName.Create(series.Name, [.. series.Labels.Reverse()]);
        return reversed.Equals(series) && reversed.GetHashCode() == series.GetHashCode() && reversed.ToString() == series.ToString();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void DifferentSeries_HaveDifferentTexts() => Prop.ForAll(Gen.Two(Series).ToArbitrary(), pair =>
    {
        var (a, b) = pair;
        var areSame = a.Name == b.Name && a.Labels.SequenceEqual(b.Labels);
        return (a.ToString() == b.ToString()) == areSame && a.Equals(b) == areSame;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void HostileText_IsReadOrRefusedButNeverThrows()
    {
        var pieces = Gen.Elements("a", "cpu.percent", "{", "}", "=", ",", "\"", "\\", ".", "..", " ", "\n", "\0", "\ud800", "ä", "_", "9", new string('x', 200), "{a=b}", "a=\"\\\"\"");
        var texts = Gen.ArrayOf(pieces).Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (!SeriesName.TryParse(text, out var series, out var error)) return series is null && error.Length > 0 && !error.Any(char.IsControl);

            // What was accepted is inside every limit, and canonical.
            var canonical = series.ToString();
            return error is null && canonical.Length <= SeriesName.MaxLength && !canonical.Any(char.IsControl)
                && series.Labels.Length <= SeriesName.MaxLabels
                && SeriesName.TryParse(canonical, out var again, out _) && again.Equals(series);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void AnyTextAtAll_NeverThrows() =>
        Prop.ForAll<string?>(text => text is null || SeriesName.TryParse(text, out _, out var error) == error is null).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData(SeriesName.MaxNameLength, true)]
    [InlineData(SeriesName.MaxNameLength + 1, false)]
    public void ALongName_IsAcceptedUpToTheLimit(int length, bool isAccepted)
    {
        Assert.Equal(isAccepted, SeriesName.TryParse(new string('n', length), out _, out var error));
        if (!isAccepted) Assert.Equal("has a name of more than 128 characters", error);
    }

    [Theory]
    [InlineData(SeriesName.MaxLabelNameLength, true)]
    [InlineData(SeriesName.MaxLabelNameLength + 1, false)]
    public void ALongLabelName_IsAcceptedUpToTheLimit(int length, bool isAccepted)
    {
        Assert.Equal(isAccepted, SeriesName.TryParse($"a{{{new string('l', length)}=1}}", out _, out var error));
        if (!isAccepted) Assert.Equal("must have label names of 1 to 64 characters", error);
    }

    [Theory]
    [InlineData(SeriesName.MaxLabelValueLength, true)]
    [InlineData(SeriesName.MaxLabelValueLength + 1, false)]
    public void ALongLabelValue_IsAcceptedUpToTheLimit(int length, bool isAccepted)
    {
        Assert.Equal(isAccepted, SeriesName.TryParse($"a{{l={new string('v', length)}}}", out _, out var error));
        if (!isAccepted) Assert.Equal("has a value of more than 256 characters in label 'l'", error);
    }

    [Theory]
    [InlineData(SeriesName.MaxLabels, true)]
    [InlineData(SeriesName.MaxLabels + 1, false)]
    public void ManyLabels_AreAcceptedUpToTheLimit(int count, bool isAccepted)
    {
        var labels = Enumerable.Range(0, count).Select(i => new SeriesLabel($"l{i}", "v")).ToArray();
        var text = $"a{{{string.Join(',', labels.Select(label => $"{label.Name}={label.Value}"))}}}";

        Assert.Equal(isAccepted, SeriesName.TryParse(text, out _, out var parseError));
        Assert.Equal(isAccepted, SeriesName.TryCreate("a", labels, out _, out var createError));
        if (isAccepted) return;
        Assert.Equal("has more than 8 labels", parseError);
        Assert.Equal("has more than 8 labels", createError);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void ALongText_IsAcceptedUpToTheLimit(int over, bool isAccepted)
    {
        // a{b=…,c=…}
        var rest = SeriesName.MaxLength - "a{b=,c=}".Length - SeriesName.MaxLabelValueLength + over;

        Assert.Equal(isAccepted, SeriesName.TryParse($"a{{b={new string('x', SeriesName.MaxLabelValueLength)},c={new string('y', rest)}}}", out _, out var error));
        if (!isAccepted) Assert.Equal("is longer than 512 characters", error);
    }

    [Fact]
    public void TheLimitOnTheText_CountsTheEscapesOfTheCanonicalForm()
    {
        var quotes = new string('"', SeriesName.MaxLabelValueLength);

        Assert.False(SeriesName.TryCreate("a", [new SeriesLabel("b", quotes)], out _, out var error));
        Assert.Equal("is longer than 512 characters", error);
        Assert.True(SeriesName.TryCreate("a", [new SeriesLabel("b", quotes[..200])], out var series, out _));
        Assert.Equal("a{b=\"".Length + 400 + "\"}".Length, series.ToString().Length);
    }

    [Fact]
    public void AHugeText_IsRefused()
    {
        Assert.False(SeriesName.TryParse(new string('{', 10_000_000), out _, out var error));

        Assert.Equal("is longer than 512 characters", error);
    }

    [Fact]
    public void Create_WithAWrongPart_ThrowsWithTheReason()
    {
        var exception = Assert.Throws<FormatException>(() => SeriesName.Create("a", new SeriesLabel("b", "\t")));

        Assert.Equal("has a control character in label 'b'", exception.Message);
    }

    [Fact]
    public void ALabel_IsFoundByItsExactName()
    {
        var series = SeriesName.Create("a", new SeriesLabel("mount", "/"), new SeriesLabel("Mount", "x"));

        Assert.Equal("/", series.Label("mount"));
        Assert.Equal("x", series.Label("Mount"));
        Assert.Null(series.Label("MOUNT"));
    }

    [Fact]
    public void UpperAndLowerCase_AreDifferentSeries()
    {
        Assert.NotEqual(SeriesName.Create("cpu"), SeriesName.Create("CPU"));
        Assert.False(SeriesName.Create("cpu").Equals(null));
    }
}
