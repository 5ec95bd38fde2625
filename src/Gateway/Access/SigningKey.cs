using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Access;

/// <summary>What tokens of sessions are signed with: the operator's own key, or 32 random bytes made at the first start. They are kept in the data folder for its owner alone, or with the database of several servers, which must all have the same.</summary>
internal sealed class SigningKey
{
    private const int KeyBytes = 32;

    // HMAC-SHA256 fills a shorter key up with zeros to one block; doing it here changes no signature and lets keys pass that the library finds too short.
    private const int BlockBytes = 64;

    private SigningKey(byte[] key)
    {
        if (key.Length < BlockBytes) Array.Resize(ref key, BlockBytes);
        Credentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
    }

    public SigningCredentials Credentials { get; }

    /// <param name="options">May have a key.</param>
    /// <param name="secrets">What servers on one database have alike; null without one.</param>
    /// <exception cref="StartFailedException">The file of the key holds none.</exception>
    public static SigningKey Load(ServerOptions options, PostgresSecrets? secrets)
    {
        if (options.SecretKey is { } secret) return new SigningKey(Encoding.UTF8.GetBytes(secret));

        var path = Path.Combine(options.Data, "signing.key");
        if (secrets is not null)
        {
            // A server that had a key of its own before it had a database brings it along, so that nobody is signed out.
            var own = File.Exists(path) ? Parse(File.ReadAllText(path)) : null;
            var shared = secrets.GetOrAdd("signing-key", Convert.ToHexStringLower(own ?? RandomNumberGenerator.GetBytes(KeyBytes)));
            return new SigningKey(Parse(shared) ?? throw new StartFailedException("The signing key in the database (secrets, signing-key) is not 64 hexadecimal digits. Restore it, or delete the row: a new key is made, and everybody has to sign in again."));
        }

        if (!File.Exists(path)) PrivateFile.Write(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)));

        // Not replaced in silence: the file may be a restored backup gone wrong, and a new key signs everybody out.
        return new SigningKey(Parse(File.ReadAllText(path)) ?? throw new StartFailedException(
            $"The signing key in '{Path.GetFullPath(path)}' is not 64 hexadecimal digits. Restore it, or delete the file: a new key is made, and everybody has to sign in again."));
    }

    private static byte[]? Parse(string text)
    {
        try
        {
            return Convert.FromHexString(text.Trim()) is { Length: KeyBytes } key ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
