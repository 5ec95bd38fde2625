using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>Which part of the fleet to show, in what order.</summary>
/// <param name="Search">Text that the name or a tag must contain, whatever its case.</param>
/// <param name="Status"><c>pending</c>, <c>online</c>, <c>late</c> or <c>offline</c>.</param>
/// <param name="Sort"><c>name</c> (default), <c>status</c>, <c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>network</c> or <c>lastSeen</c>.</param>
/// <param name="Descending">Largest first; hosts without the value always come last.</param>
/// <param name="Offset">Rows to leave out at the beginning.</param>
/// <param name="Limit">Rows to show, 1 to 200; default 100.</param>
/// <param name="Group">The group it must be in, whatever its case.</param>
/// <param name="Tag">The tag it must have, whatever its case.</param>
internal sealed record FleetQuery(
    string? Search = null,
    string? Status = null,
    string? Sort = null,
    bool? Descending = null,
    int? Offset = null,
    int? Limit = null,
    string? Group = null,
    string? Tag = null)
{
    public const int MaxLimit = 200;
    private const int DefaultLimit = 100;
    private const int MaxTextLength = 100;
    private static readonly string[] Sorts = ["name", "status", "cpu", "memory", "disk", "network", "lastSeen"];

    public int EffectiveOffset => Offset ?? 0;

    public int EffectiveLimit => Limit ?? DefaultLimit;

    /// <summary>What is wrong with it, by field, or null.</summary>
    public Dictionary<string, string[]>? Errors()
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, text) in new[] { ("search", Search), ("group", Group), ("tag", Tag) })
        {
            if (text is { Length: > MaxTextLength }) errors[field] = [$"must have at most {MaxTextLength} characters"];
        }

        if (!string.IsNullOrEmpty(Status) && !Enum.GetNames<HostStatus>().Contains(Status, StringComparer.OrdinalIgnoreCase)) errors["status"] = ["must be pending, online, late or offline"];
        if (!string.IsNullOrEmpty(Sort) && !Sorts.Contains(Sort)) errors["sort"] = [$"must be one of {string.Join(", ", Sorts)}"];
        if (EffectiveOffset < 0) errors["offset"] = ["must be 0 or more"];
        if (EffectiveLimit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        return errors.Count > 0 ? errors : null;
    }

    /// <summary>What the shards are asked. Only of a query without errors.</summary>
    public FleetQuestion ToQuestion() => new(
        Search,
        string.IsNullOrEmpty(Status) ? null : Enum.Parse<HostStatus>(Status, ignoreCase: true),
        Group,
        Tag,
        string.IsNullOrEmpty(Sort) ? FleetSort.Name : Enum.Parse<FleetSort>(Sort, ignoreCase: true),
        Descending == true);
}
