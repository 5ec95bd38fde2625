using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace StatusMonitor.Gateway.Access;

/// <summary>
/// Argon2id of libsodium, the library that most distributions carry: hashes as PHC strings, which hold their salt and parameters.
/// Calls take their time and much memory; they belong on threads of their own (<see cref="PasswordHasher"/>).
/// </summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";
    private const int Argon2id = 2;
    private const int HashBytes = 128;

    // Under which names it is found; plain 'libsodium' is there only where it is meant to be compiled against.
    private static readonly string[] Names = ["libsodium.so.23", "libsodium.so.26", "libsodium"];

    static Sodium() => NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);

    /// <exception cref="StartFailedException">It is not installed, or too old.</exception>
    public static void Load()
    {
        try
        {
            if (Init() >= 0 && NeedsRehash(new byte[HashBytes], 1, 8192) != 0) return;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new StartFailedException(
                "The server needs libsodium 1.0.13 or later for passwords, and cannot load it. Install it: on Debian and Ubuntu 'apt-get install libsodium23', " +
                "on Fedora 'dnf install libsodium', on Alpine 'apk add libsodium', on macOS 'brew install libsodium'.", exception);
        }

        throw new StartFailedException("libsodium, which the server needs for passwords, does not start on this machine.");
    }

    /// <exception cref="InsufficientMemoryException">The memory could not be had.</exception>
    public static string Hash(string password, int memoryKib, int passes)
    {
        var text = Encoding.UTF8.GetBytes(password);
        var hash = new byte[HashBytes];
        var result = Hash(hash, text, (ulong)text.Length, (ulong)passes, (nuint)memoryKib * 1024, Argon2id);
        CryptographicOperations.ZeroMemory(text);
        return result == 0 ? Encoding.ASCII.GetString(hash).TrimEnd('\0') : throw new InsufficientMemoryException($"Hashing a password takes {memoryKib} KiB of memory, which are not there.");
    }

    /// <summary>Whether a hash is that of a password. Takes the memory and the passes that are in the hash; the library says no as well if it cannot have the memory.</summary>
    public static bool Verify(string hash, string password)
    {
        if (Padded(hash) is not { } padded) return false;
        var text = Encoding.UTF8.GetBytes(password);
        var result = Verify(padded, text, (ulong)text.Length);
        CryptographicOperations.ZeroMemory(text);
        return result == 0;
    }

    /// <summary>Whether a hash was made with other parameters. Quick.</summary>
    public static bool NeedsRehash(string hash, int memoryKib, int passes) => Padded(hash) is not { } padded || NeedsRehash(padded, (ulong)passes, (nuint)memoryKib * 1024) != 0;

    private static byte[]? Padded(string hash)
    {
        if (hash.Length >= HashBytes || !Ascii.IsValid(hash)) return null;
        var padded = new byte[HashBytes];
        Encoding.ASCII.GetBytes(hash, padded);
        return padded;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle)) return handle;
        }

        return 0;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_alg")]
    private static partial int Hash([Out] byte[] hash, byte[] password, ulong passwordLength, ulong passes, nuint memory, int algorithm);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    private static partial int Verify(byte[] hash, byte[] password, ulong passwordLength);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_needs_rehash")]
    private static partial int NeedsRehash(byte[] hash, ulong passes, nuint memory);
}
