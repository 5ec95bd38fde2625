using System.Collections.Immutable;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>Checks what people write about a host. What is wrong is noted by field; then what is given back is of no use.</summary>
internal static class HostInput
{
    public const int MaxNameLength = 100;
    public const int MaxGroupLength = 50;
    public const int MaxTagLength = 50;
    public const int MaxTags = 20;

    /// <summary>A name that must be there, without the blanks around it.</summary>
    public static string Name(string? text, Dictionary<string, string[]> errors)
    {
        var name = text?.Trim() ?? "";
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl)) errors["name"] = [$"must have 1 to {MaxNameLength} characters and no control characters"];
        return name;
    }

    /// <summary>A group; null if none is given or it is blank.</summary>
    public static string? Group(string? text, Dictionary<string, string[]> errors)
    {
        var group = text?.Trim();
        if (string.IsNullOrEmpty(group)) return null;
        if (group.Length > MaxGroupLength || group.Any(char.IsControl)) errors["group"] = [$"must have at most {MaxGroupLength} characters and no control characters"];
        return group;
    }

    /// <summary>Tags without the blanks around them, each once whatever its case; none if none are given.</summary>
    public static ImmutableArray<string> Tags(IReadOnlyList<string?>? texts, Dictionary<string, string[]> errors)
    {
        if (texts is null) return [];
        var tags = texts.Select(text => text?.Trim() ?? "").Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        if (tags.Length > MaxTags) errors["tags"] = [$"must be at most {MaxTags}"];
        else if (tags.Any(tag => tag.Length is 0 or > MaxTagLength || tag.Any(char.IsControl))) errors["tags"] = [$"must each have 1 to {MaxTagLength} characters and no control characters"];
        return tags;
    }
}
