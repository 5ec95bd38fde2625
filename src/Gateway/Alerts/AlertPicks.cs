using System.Collections.Immutable;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>
/// Reads which hosts, groups, tags, rules and channels somebody means. What is wrong is noted by field. A host one may not see is one that does not exist; what a
/// silence or a route named before may stay in it, also if it has gone since.
/// </summary>
internal sealed class AlertPicks(AccountPrincipal account, HostGate gate, IGrainFactory grains, Dictionary<string, string[]> errors)
{
    public const int MostIds = 100;
    public const int MostNames = 50;

    public async Task<ImmutableArray<long>> HostsAsync(IReadOnlyList<long>? ids, ImmutableArray<long> before, string field)
    {
        if (!TryTake(ids, field, out var hosts)) return [];
        foreach (var id in hosts.Except(before))
        {
            if (await gate.AccessAsync(account, id) != Grains.Hosts.HostAccess.None) continue;
            errors[field] = [$"names the host {id}, which is not there"];
            break;
        }

        return hosts;
    }

    public async Task<ImmutableArray<long>> RulesAsync(IReadOnlyList<long>? ids, ImmutableArray<long> before, string field)
    {
        if (!TryTake(ids, field, out var rules) || rules.All(before.Contains)) return rules;
        var known = (await grains.GetGrain<IRuleBookGrain>(account.Id).Get()).Select(rule => rule.Id).Concat(before);
        if (rules.Except(known).ToArray() is [var unknown, ..]) errors[field] = [$"names the rule {unknown}, which your account does not have"];
        return rules;
    }

    public async Task<ImmutableArray<long>> ChannelsAsync(IReadOnlyList<long>? ids, string field)
    {
        if (!TryTake(ids, field, out var channels) || channels.IsEmpty) return channels;
        var known = (await grains.GetGrain<IAlertDeskGrain>(account.Id).GetChannels()).Where(channel => !channel.IsClassic).Select(channel => channel.Id);
        if (channels.Except(known).ToArray() is [var unknown, ..]) errors[field] = [$"names the channel {unknown}, which your account does not have"];
        return channels;
    }

    public ImmutableArray<string> Names(IReadOnlyList<string?>? texts, int maxLength, string field)
    {
        if (texts is null) return [];
        var names = texts.Select(text => text?.Trim() ?? "").Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        if (names.Length > MostNames) errors[field] = [$"must be at most {MostNames}"];
        else if (names.Any(name => name.Length == 0 || name.Length > maxLength || name.Any(char.IsControl))) errors[field] = [$"must each have 1 to {maxLength} characters and no control characters"];
        return names;
    }

    public ImmutableArray<string> Groups(IReadOnlyList<string?>? texts, string field) => Names(texts, HostInput.MaxGroupLength, field);

    public ImmutableArray<string> Tags(IReadOnlyList<string?>? texts, string field) => Names(texts, HostInput.MaxTagLength, field);

    private bool TryTake(IReadOnlyList<long>? ids, string field, out ImmutableArray<long> taken)
    {
        taken = [.. (ids ?? []).Distinct()];
        if (taken.Length <= MostIds) return true;
        errors[field] = [$"must be at most {MostIds}"];
        return false;
    }
}
