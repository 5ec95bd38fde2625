using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>Checks what people write about accounts. What is wrong is noted by field; then what is given back is of no use.</summary>
internal static class AccountInput
{
    public const int MinNameLength = 3;
    public const int MinPasswordLength = 8;
    public const int MaxPasswordBytes = 1024;

    /// <summary>A new user name, without the blanks around it.</summary>
    public static string Name(string? text, Dictionary<string, string[]> errors)
    {
        var name = text?.Trim() ?? "";
        if (name.Length is < MinNameLength or > AccountName.MaxLength || !IsName(name)) errors["username"] = [$"must have {MinNameLength} to {AccountName.MaxLength} characters, none of them invisible"];
        return name;
    }

    /// <summary>
    /// Whether a text can be a user name: none of its characters is a control character, or one that is not seen at all, with which a name could look
    /// like another's.
    /// </summary>
    public static bool IsName(string name) => AccountName.TryNormalize(name, out _) && !name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>A new password: long enough, and not what is guessed first. Nothing else is asked of it; rules of composition make passwords worse.</summary>
    public static string Password(string? text, string name, string field, Dictionary<string, string[]> errors)
    {
        var password = text ?? "";
        if (password.EnumerateRunes().Count() < MinPasswordLength) errors[field] = [$"must have at least {MinPasswordLength} characters"];
        else if (Encoding.UTF8.GetByteCount(password) > MaxPasswordBytes) errors[field] = [$"must have at most {MaxPasswordBytes} bytes"];
        else if (CommonPasswords.Contains(password)) errors[field] = ["is one of the passwords that are guessed first"];
        else if (string.Equals(password, name, StringComparison.OrdinalIgnoreCase)) errors[field] = ["must not be the user name"];
        return password;
    }

    /// <summary>What an account may do, in the words of the wire; null leaves it open.</summary>
    public static AccountRole? Role(string? text, Dictionary<string, string[]> errors)
    {
        switch (text)
        {
            case null: return null;
            case "user": return AccountRole.User;
            case "administrator": return AccountRole.Administrator;
            default:
                errors["role"] = ["must be 'user' or 'administrator'"];
                return null;
        }
    }

    /// <summary>A password that can be read out and typed: five groups of four, 99 bits, without letters that look alike.</summary>
    public static string NewPassword() => string.Join('-', Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 4)));
}
