using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class AccountNameTests
{
    /// <summary>Characters of which each can be written in another way, or is how another is written.</summary>
    private static readonly Gen<string> Names = Gen.Elements("a", "Z", "é", "e\u0301", "ệ", "\u0323", "\u0302", "ﬁ", "Å", "각", "ᄀ", "ᅡ", "ᆨ", "Ａ", "ß", "𝔘", "\u200B", "3", "-", "я", "字")
        .ListOf().Select(string.Concat);

    [Theory]
    [InlineData("alice", "ALICE")]
    [InlineData("alice", "  alice\u00A0")]
    [InlineData("Zoë", "ZOE\u0308")] // composed or not
    [InlineData("ệ", "E\u0302\u0323")] // marks in either order
    [InlineData("Ａlice", "alice")] // full width
    [InlineData("\u212Bngstrom", "Ångstrom")] // the sign of the unit
    [InlineData("ﬁona", "FIONA")] // ligature
    [InlineData("각", "\u1100\u1161\u11A8")] // syllable and letters
    [InlineData("𝔘nicode", "unicode")] // beyond the first plane
    [InlineData("al\u200Bice", "alice")] // nothing is seen of it
    [InlineData("al\u00ADice\uFE0F", "alice")]
    [InlineData("x²", "x2")]
    [InlineData("яна", "ЯНА")]
    [InlineData("a\u00A0b", "a b")]
    public void TheSameName_WrittenAnotherWay_IsTheSame(string one, string other) => Assert.Equal(Normalize(one), Normalize(other));

    [Theory]
    [InlineData("alice", "alicé")]
    [InlineData("alice", "al ice")]
    [InlineData("strasse", "straße")]
    [InlineData("가", "각")]
    [InlineData("a\u0301\u0300", "a\u0300\u0301")] // of one class: which is above the other is seen
    public void AnotherName_IsAnother(string one, string other) => Assert.NotEqual(Normalize(one), Normalize(other));

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("evil\u202Egpj")] // shows the rest from right to left
    [InlineData("a\u2066b")]
    [InlineData("\u200B\u200D")]
    [InlineData("\uFFFD")]
    public void WhatCannotBeAName_HasNoForm(string name)
    {
        Assert.False(AccountName.TryNormalize(name, out var normalized));
        Assert.Equal("", normalized);
    }

    [Fact]
    public void HalfASurrogatePair_HasNoForm()
    {
        Assert.False(AccountName.TryNormalize("a\uD83D", out _));
        Assert.False(AccountName.TryNormalize("\uDE00b", out _));
        Assert.True(AccountName.TryNormalize("\uD83D\uDE00", out _));
    }

    [Fact]
    public void TooLong_IsCountedWithoutTheBlanksAround()
    {
        Assert.True(AccountName.TryNormalize($" {new string('x', 64)} ", out _));
        Assert.False(AccountName.TryNormalize(new string('x', 65), out _));
    }

    [Fact]
    public void WhatIsNormalized_StaysAsItIs() => Prop.ForAll(Names.ToArbitrary(), name =>
        !AccountName.TryNormalize(name, out var once) || (AccountName.TryNormalize(once, out var twice) ? once == twice : once.Length > AccountName.MaxLength))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void EveryCharacter_IsDecomposedWhole()
    {
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (!Rune.TryCreate(codePoint, out var rune)) continue;
            var decomposed = UnicodeFolding.Decompose(rune.ToString());
            Assert.True(decomposed == UnicodeFolding.Decompose(decomposed), $"U+{codePoint:X4} is decomposed only in part.");
        }
    }

    [Fact]
    public void TheOrderOfMarksOfDifferentClasses_DoesNotMatter()
    {
        // One of each of four classes: through it, below, above, and the iota that comes last.
        var marks = new[] { "\u0334", "\u0323", "\u0301", "\u0345" };
        Prop.ForAll(Gen.Shuffle(marks).ToArbitrary(), shuffled =>
            UnicodeFolding.Decompose("x" + string.Concat(shuffled)) == "x" + string.Concat(marks)).QuickCheckThrowOnFailure();
    }

    private static string Normalize(string name)
    {
        Assert.True(AccountName.TryNormalize(name, out var normalized));
        return normalized;
    }
}
