using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Tokens as another program would read and make them.</summary>
internal static class Jwt
{
    public static JsonObject Header(string token) => Part(token, 0);

    public static JsonObject Claims(string token) => Part(token, 1);

    /// <summary>Signs claims with a key; <paramref name="algorithm"/> is what the header says.</summary>
    public static string Make(JsonObject claims, byte[] key, string algorithm = "HS256")
    {
        var signed = $"{Encode(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" })}.{Encode(claims)}";
        var text = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch { "HS256" => HMACSHA256.HashData(key, text), "HS512" => HMACSHA512.HashData(key, text), _ => [] };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The key that a server has made for itself.</summary>
    public static byte[] KeyOf(RunningServer server) => Convert.FromHexString(File.ReadAllText(Path.Combine(server.Data, "signing.key")).Trim());

    private static JsonObject Part(string token, int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
