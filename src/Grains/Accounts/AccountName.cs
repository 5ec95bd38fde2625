using System.Text;

namespace StatusMonitor.Grains.Accounts;

/// <summary>When two user names are the same: in whatever case, and however Unicode lets the same characters be written.</summary>
public static class AccountName
{
    /// <summary>Characters a user name may have.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The form in which user names are compared; blanks around the name do not count. False if it cannot be a user name: it is too long, nothing of it is
    /// seen, or it has control characters, characters that turn the direction of the text around, or half a surrogate pair.
    /// </summary>
    public static bool TryNormalize(string name, out string normalized)
    {
        normalized = "";
        var trimmed = name.AsSpan().Trim();
        if (trimmed.Length > MaxLength) return false;

        foreach (var rune in trimmed.EnumerateRunes())
        {
            // What is no character is enumerated as U+FFFD, which stands for nothing a person could have meant.
            if (rune.Value is 0xFFFD or 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) || Rune.IsControl(rune)) return false;
        }

        normalized = UnicodeFolding.Decompose(trimmed.ToString()).ToUpperInvariant();
        return !string.IsNullOrWhiteSpace(normalized);
    }
}
