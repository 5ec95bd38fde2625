using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Agents;

/// <summary>
/// SHA-256 of an agent's token: the only form in which the server keeps one. The token itself is 32 random bytes, so that a plain
/// hash cannot be guessed back.
/// </summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TokenHash")]
[JsonConverter(typeof(TokenHashConverter))]
public readonly record struct TokenHash(
    [property: Id(0)] ulong A,
    [property: Id(1)] ulong B,
    [property: Id(2)] ulong C,
    [property: Id(3)] ulong D)
{
    /// <summary>Characters of a token's text: 64 lower-case hexadecimal digits.</summary>
    public const int TokenLength = 64;

    /// <summary>Makes a new token; its text is shown to a person once.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength / 2));

    /// <summary>Hashes a token as an agent sends it. False if it cannot be a token.</summary>
    public static bool TryHash(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        if (token.Length != TokenLength) return false;

        Span<byte> text = stackalloc byte[TokenLength];
        if (Encoding.ASCII.GetBytes(token, text) != TokenLength) return false;
        hash = Of(text);
        return true;
    }

    /// <summary>A number that spreads hashes evenly over <paramref name="count"/> places.</summary>
    public int Spread(int count) => (int)(A % (ulong)count);

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    internal static TokenHash Parse(string text) => new(Part(text, 0), Part(text, 16), Part(text, 32), Part(text, 48));

    private static ulong Part(string text, int at) =>
        ulong.Parse(text.AsSpan(at, 16), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    private static TokenHash Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return new TokenHash(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
    }
}

/// <summary>Writes a hash as its hexadecimal text, also as the key of a JSON object.</summary>
public sealed class TokenHashConverter : JsonConverter<TokenHash>
{
    /// <inheritdoc/>
    public override TokenHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TokenHash.Parse(reader.GetString()!);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TokenHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override TokenHash ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TokenHash.Parse(reader.GetString()!);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TokenHash value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
