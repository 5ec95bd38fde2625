using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Fleet;

/// <summary>The lines of a shard, found by host and by account, so that somebody's few hosts among many cost no more than they are.</summary>
internal sealed class FleetLines
{
    private static readonly int Statuses = Enum.GetValues<HostStatus>().Length;

    private readonly Dictionary<long, HostSummary> _lines = [];

    // Hosts that an account owns or that are shared with it. Only where to look: the rule is asked of each.
    private readonly Dictionary<long, HashSet<long>> _byAccount = [];

    // Each host's place by name and id, of all there are or were; null once it is not known of one. Comparing names is what costs most in an order, and names hardly ever change.
    private Dictionary<long, int>? _nameRanks;

    public int Count => _lines.Count;

    public int Online { get; private set; }

    public IReadOnlyCollection<long> Ids => _lines.Keys;

    public IReadOnlyCollection<HostSummary> All => _lines.Values;

    public HostSummary? Find(long id) => _lines.GetValueOrDefault(id);

    public static HostPeople PeopleOf(HostSummary line) => line.People ?? HostPeople.Nobody;

    /// <summary>Gives the line there was, or null.</summary>
    public HostSummary? Set(HostSummary line)
    {
        var before = _lines.GetValueOrDefault(line.Id);
        _lines[line.Id] = line;
        if (before?.Status == HostStatus.Online) Online--;
        if (line.Status == HostStatus.Online) Online++;
        if (before?.Name != line.Name) _nameRanks = null;
        if (before is not null && PeopleOf(before).Equals(PeopleOf(line))) return before;

        if (before is not null) Unlist(before);
        foreach (var account in Accounts(line))
        {
            if (!_byAccount.TryGetValue(account, out var ids)) _byAccount.Add(account, ids = []);
            ids.Add(line.Id);
        }

        return before;
    }

    /// <summary>Gives the line there was, or null.</summary>
    public HostSummary? Remove(long id)
    {
        if (!_lines.Remove(id, out var line)) return null;
        if (line.Status == HostStatus.Online) Online--;
        Unlist(line);
        return line;
    }

    public IEnumerable<HostSummary> VisibleTo(Viewer viewer) =>
        (viewer.IsAdministrator ? _lines.Values : Of(viewer.Id)).Where(line => PeopleOf(line).AccessOf(viewer) > HostAccess.None);

    public IEnumerable<HostSummary> OwnedBy(long accountId) => Of(accountId).Where(line => PeopleOf(line).OwnerId == accountId);

    /// <summary>How many hosts each account owns.</summary>
    public IEnumerable<KeyValuePair<long, int>> CountByOwner() => _lines.Values.Where(line => line.People is not null).CountBy(line => line.People!.OwnerId);

    /// <summary>Answers a question with the lines from a place on; if there are fewer behind it, with the last ones.</summary>
    public FleetPart Select(FleetQuestion question, Viewer viewer, int first, int count)
    {
        var byStatus = new int[Statuses];
        var (groups, tags) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        var matched = new List<HostSummary>();
        foreach (var line in VisibleTo(viewer))
        {
            byStatus[(int)line.Status]++;
            if (line.Group is { } group) groups.Add(group);
            foreach (var tag in line.Tags.GetValueOrDefault().AsSpan()) tags.Add(tag);
            if (question.Matches(line)) matched.Add(line);
        }

        var order = new FleetOrder(question);
        var ranks = NameRanks();
        var (lines, places) = (matched.ToArray(), matched.Select(line => order.PlaceOf(line, ranks[line.Id])).ToArray());
        Array.Sort(places, lines);
        count = Math.Min(count, lines.Length);
        first = Math.Min(first, lines.Length - count);
        return new FleetPart([.. byStatus], lines.Length, first, [.. lines.AsSpan(first, count)], Choices(groups), Choices(tags));
    }

    /// <summary>The words there are to choose from, each once, whatever its case.</summary>
    public static ImmutableArray<string> Choices(IEnumerable<string> words) =>
        [.. words.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Take(FleetPart.MaxChoices)];

    private Dictionary<long, int> NameRanks()
    {
        if (_nameRanks is not null) return _nameRanks;
        var lines = _lines.Values.ToArray();
        Array.Sort(lines, new FleetOrder(new FleetQuestion()));
        _nameRanks = new Dictionary<long, int>(lines.Length);
        for (var rank = 0; rank < lines.Length; rank++) _nameRanks.Add(lines[rank].Id, rank);
        return _nameRanks;
    }

    private static IEnumerable<long> Accounts(HostSummary line) => PeopleOf(line).Shares.Select(share => share.AccountId).Append(PeopleOf(line).OwnerId);

    private IEnumerable<HostSummary> Of(long accountId) => _byAccount.TryGetValue(accountId, out var ids) ? ids.Select(id => _lines[id]) : [];

    private void Unlist(HostSummary line)
    {
        foreach (var account in Accounts(line))
        {
            if (!_byAccount.TryGetValue(account, out var ids) || !ids.Remove(line.Id) || ids.Count > 0) continue;
            _byAccount.Remove(account);
        }
    }
}
