using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Alerts;

/// <summary>
/// The rules of an account; the key is the account id. A change is stored before it counts, so a crash loses nothing that was answered. What it may lose is that others
/// are told: they read the book again by themselves (<see cref="RuleBooks"/>).
/// </summary>
public sealed partial class RuleBookGrain(
    [PersistentState("rules")] IPersistentState<RuleBookState> state,
    RuleBooks books,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<RuleBookGrain> logger) : Grain, IRuleBookGrain
{
    private readonly StoredState<RuleBookState> _state = new(state);

    private long Id => this.GetPrimaryKeyLong();

    private ImmutableArray<AlertRule> Rules => _state.Value.Rules ?? DefaultRules.All;

    private RuleBook Book => new(_state.Value.Version, Rules);

    /// <inheritdoc/>
    public Task<ImmutableArray<AlertRule>> Get() => Task.FromResult(Rules);

    /// <inheritdoc/>
    public Task<RuleBook> GetBook() => Task.FromResult(Book);

    /// <inheritdoc/>
    public async Task<RuleResult> Add(AlertRule rule)
    {
        if (Rules.Length >= AlertRules.MaxRules) return new RuleResult(RuleOutcome.TooMany);

        var now = time.GetUtcNow();
        var added = rule with { Id = _state.Value.LastId + 1, DefaultKey = null, CreatedAt = now, ChangedAt = now };
        await Store(Rules.Add(added), added.Id);
        return new RuleResult(RuleOutcome.Done, added);
    }

    /// <inheritdoc/>
    public async Task<RuleResult> Replace(AlertRule rule)
    {
        if (PlaceOf(rule.Id) is not { } place) return new RuleResult(RuleOutcome.NotFound);

        var before = Rules[place];
        var changed = rule with { DefaultKey = before.DefaultKey, CreatedAt = before.CreatedAt, ChangedAt = before.ChangedAt };
        if (changed == before) return new RuleResult(RuleOutcome.Done, before);
        changed = changed with { ChangedAt = time.GetUtcNow() };
        await Store(Rules.SetItem(place, changed));
        return new RuleResult(RuleOutcome.Done, changed);
    }

    /// <inheritdoc/>
    public async Task<RuleOutcome> Remove(long id)
    {
        if (PlaceOf(id) is not { } place) return RuleOutcome.NotFound;
        await Store(Rules.RemoveAt(place));
        return RuleOutcome.Done;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<AlertRule>> RestoreDefaults()
    {
        if (_state.Value.Rules is not { } rules) return Rules;

        var now = time.GetUtcNow();
        var restored = DefaultRules.All.Select(first =>
        {
            // One that is as it was in the beginning stays: nothing begins anew for it.
            var kept = rules.FirstOrDefault(rule => rule.Id == first.Id);
            return kept is not null && kept with { ChangedAt = default } == first ? kept : first with { ChangedAt = now };
        });
        var next = rules.Where(rule => rule.DefaultKey is null).Concat(restored).OrderBy(rule => rule.Id).ToImmutableArray();
        if (!next.SequenceEqual(rules)) await Store(next);
        return Rules;
    }

    /// <inheritdoc/>
    public async Task Clear()
    {
        if (Rules.Length > 0) await Store([]);
    }

    private int? PlaceOf(long id)
    {
        for (var place = 0; place < Rules.Length; place++)
        {
            if (Rules[place].Id == id) return place;
        }

        return null;
    }

    private async Task Store(ImmutableArray<AlertRule> rules, long? lastId = null)
    {
        var before = _state.Value;
        await _state.Store(before with { Rules = rules, LastId = lastId ?? before.LastId, Version = before.Version + 1 });

        // The hosts of this silo at once, so that the next report after the answer is judged by the new rules; those of others when they hear of it.
        books.Set(Id, Book);
        try
        {
            await GrainFactory.GetGrain<ILiveTopicGrain>(LiveTopics.Rules).Publish(new RulesChanged(Id, Book.Version));
        }
        catch (Exception exception)
        {
            Log.PublishFailed(logger, exception, Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A change to the rules of account {AccountId} could not be published; the hosts of other servers hear of it within a minute.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long accountId);
    }
}
