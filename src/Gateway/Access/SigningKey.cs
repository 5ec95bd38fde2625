using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace StatusMonitor.Gateway.Access;

/// <summary>What tokens of sessions are signed with: the operator's own key, or 32 random bytes made at the first start and kept in the data folder for its owner alone.</summary>
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

    /// <exception cref="StartFailedException">The file of the key holds none.</exception>
    public static SigningKey Load(ServerOptions options)
    {
        if (options.SecretKey is { } secret) return new SigningKey(Encoding.UTF8.GetBytes(secret));

        var path = Path.Combine(options.Data, "signing.key");
        if (!File.Exists(path)) PrivateFile.Write(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)));
        try
        {
            var key = Convert.FromHexString(File.ReadAllText(path).Trim());
            if (key.Length == KeyBytes) return new SigningKey(key);
        }
        catch (FormatException)
        {
        }

        // Not replaced in silence: the file may be a restored backup gone wrong, and a new key signs everybody out.
        throw new StartFailedException($"The signing key in '{Path.GetFullPath(path)}' is not 64 hexadecimal digits. Restore it, or delete the file: a new key is made, and everybody has to sign in again.");
    }
}
