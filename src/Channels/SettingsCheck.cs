using System.Collections.Immutable;
using System.Globalization;

namespace StatusMonitor.Channels;

/// <summary>Looks at the settings of a channel and gathers what is wrong with them, as sentences that go on after a setting's name.</summary>
internal sealed class SettingsCheck(ImmutableDictionary<string, string> settings)
{
    private const int MaxUrlLength = 2000;
    private const int MaxUnknown = 10;

    private readonly Dictionary<string, string[]> _errors = [];
    private readonly HashSet<string> _asked = [];

    /// <summary>What is wrong, or null. Settings that nobody asked for are wrong.</summary>
    public Dictionary<string, string[]>? Errors()
    {
        foreach (var name in settings.Keys.Where(name => !_asked.Contains(name)).Take(MaxUnknown)) _errors[name] = ["is no setting of this kind of channel"];
        return _errors.Count > 0 ? _errors : null;
    }

    public void Wrong(string name, string why) => _errors.TryAdd(name, [why]);

    /// <summary>A value that is there and short enough, without control characters unless it may have lines; else null.</summary>
    public string? Text(string name, int maxLength, bool isNeeded = true, bool mayHaveLines = false)
    {
        _asked.Add(name);
        if (!settings.TryGetValue(name, out var value) || value.Length == 0)
        {
            if (isNeeded) Wrong(name, "must be there");
            return null;
        }

        if (value.Length > maxLength)
        {
            Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must have at most {maxLength} characters"));
            return null;
        }

        if (!value.Any(c => char.IsControl(c) && !(mayHaveLines && c is '\n' or '\r' or '\t'))) return value;
        Wrong(name, "must have no control characters");
        return null;
    }

    /// <summary>An address of http or https, without a user name or a part after <c>#</c>; else null.</summary>
    public Uri? Url(string name, bool isNeeded = true)
    {
        if (Text(name, MaxUrlLength, isNeeded) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.Host.Length > 0 && url is { UserInfo: "", Fragment: "" }) return url;
        Wrong(name, "must be an address that begins with https:// or http://, without a user name");
        return null;
    }

    /// <summary>A header's value, or what goes into one: characters that can be seen.</summary>
    public string? HeaderValue(string name, int maxLength, bool isNeeded = false)
    {
        if (Text(name, maxLength, isNeeded) is not { } text) return null;
        if (text.All(c => c is >= ' ' and <= '~') && text.Trim() == text) return text;
        Wrong(name, "must have only ASCII characters and no blanks at its ends");
        return null;
    }
}
