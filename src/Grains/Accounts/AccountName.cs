using System.Text;

namespace StatusMonitor.Grains.Accounts;

/// <summary>When two user names are the same.</summary>
public static class AccountName
{
    /// <summary>Characters a user name may have.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The form in which user names are compared. False if it cannot be a user name: it is blank or too long, or has control characters or half of a surrogate pair.
    /// </summary>
    public static bool TryNormalize(string name, out string normalized)
    {
        normalized = "";
        var trimmed = name.AsSpan().Trim();
        if (trimmed.IsEmpty || trimmed.Length > MaxLength) return false;
        foreach (var c in trimmed)
        {
            if (char.IsControl(c)) return false;
        }

        normalized = trimmed.ToString().Normalize(NormalizationForm.FormKC).ToUpperInvariant();
        return true;
    }
}
