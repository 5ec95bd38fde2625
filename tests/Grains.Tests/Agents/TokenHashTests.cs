using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Tests.Agents;

public sealed class TokenHashTests
{
    [Fact]
    public void ANewToken_Is64LowerCaseHexadecimalDigits_AndNeverTheSame()
    {
        var tokens = Enumerable.Range(0, 100).Select(_ => TokenHash.NewToken()).ToList();

        Assert.All(tokens, token => Assert.Matches("^[0-9a-f]{64}$", token));
        Assert.Equal(100, tokens.Distinct().Count());
    }

    [Fact]
    public void AHash_IsTheSha256OfTheTokensText()
    {
        const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

        Assert.True(TokenHash.TryHash(Token, out var hash));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Token))), hash.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(1_000_000)]
    public void ATextOfAnotherLength_CannotBeAToken(int length)
    {
        Assert.False(TokenHash.TryHash(new string('a', length), out var hash));
        Assert.Equal(default, hash);
    }

    [Fact]
    public void TokensThatDifferInOneDigit_HaveDifferentHashes()
    {
        var token = TokenHash.NewToken();
        TokenHash.TryHash(token, out var hash);
        for (var i = 0; i < token.Length; i++)
        {
            var other = token.ToCharArray();
            other[i] = other[i] == '0' ? '1' : '0';
            Assert.True(TokenHash.TryHash(other, out var otherHash));
            Assert.NotEqual(hash, otherHash);
        }
    }

    [Fact]
    public void AHash_IsReadBackFromJson_AsValueAndAsKey()
    {
        // Leading zeros in each part.
        var hash = new TokenHash(1, 0, ulong.MaxValue, 0x00ab_cdef_0123_4567);
        var text = "0000000000000001" + "0000000000000000" + "ffffffffffffffff" + "00abcdef01234567";

        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(hash));
        Assert.Equal(hash, JsonSerializer.Deserialize<TokenHash>($"\"{text}\""));
        var directory = new TokenDirectoryState { Hosts = { [hash] = 7 } };
        var json = JsonSerializer.Serialize(directory);
        Assert.Contains(text, json, StringComparison.Ordinal);
        Assert.Equal(7, JsonSerializer.Deserialize<TokenDirectoryState>(json)!.Hosts[hash]);
    }

    [Fact]
    public void Hashes_SpreadOverAllShards()
    {
        var places = Enumerable.Range(0, 2_000).Select(_ =>
        {
            TokenHash.TryHash(TokenHash.NewToken(), out var hash);
            return hash.Spread(TokenDirectory.Shards);
        }).ToList();

        Assert.All(places, place => Assert.InRange(place, 0, TokenDirectory.Shards - 1));
        Assert.Equal(TokenDirectory.Shards, places.Distinct().Count());
        Assert.InRange(new TokenHash(ulong.MaxValue, 0, 0, 0).Spread(TokenDirectory.Shards), 0, TokenDirectory.Shards - 1);
    }
}
