using System.Collections.Concurrent;

namespace StatusMonitor.Grains.Alerts;

/// <summary>
/// Copies of the rule books that the hosts of this silo need. A hundred thousand hosts that each subscribed to their owner's rules would cost more than the rules are worth;
/// so a host looks here at every report, which is a comparison of two numbers while nothing has changed, and all of them share what is made of the rules.
/// </summary>
/// <remarks>
/// A book is set by its grain if that is in this silo, and read again when <see cref="RulesChanged"/> is published, and once a minute in case that was missed. There is at
/// most one for each account.
/// </remarks>
public sealed class RuleBooks
{
    private readonly ConcurrentDictionary<long, AccountRules> _books = new();
    private readonly ConcurrentDictionary<long, Task<AccountRules>> _reading = new();
    private long _generation;

    /// <summary>Another number after every change to any book.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Accounts whose book is here.</summary>
    public ICollection<long> Accounts => _books.Keys;

    /// <summary>A newer version of a book; an older one changes nothing.</summary>
    public void Set(long accountId, RuleBook book)
    {
        var next = new AccountRules(accountId, book);
        var set = _books.AddOrUpdate(accountId, next, (_, before) => before.Version < book.Version ? next : before);
        if (ReferenceEquals(set, next)) Interlocked.Increment(ref _generation);
    }

    /// <summary>Reads a book that is here again if it is older than a version, or in any case if null.</summary>
    public async Task RefreshAsync(IGrainFactory grains, long accountId, long? version = null)
    {
        if (_books.TryGetValue(accountId, out var known) && !(known.Version >= version)) Set(accountId, await grains.GetGrain<IRuleBookGrain>(accountId).GetBook());
    }

    /// <summary>The rules of an account, read from its grain if they are not here. Whatever that throws comes through.</summary>
    internal ValueTask<AccountRules> GetAsync(IGrainFactory grains, long accountId) =>
        _books.TryGetValue(accountId, out var known) ? ValueTask.FromResult(known) : new ValueTask<AccountRules>(ReadAsync(grains, accountId));

    private async Task<AccountRules> ReadAsync(IGrainFactory grains, long accountId)
    {
        // After a start thousands of hosts of one owner ask at the same moment; one call serves them all.
        var reading = new TaskCompletionSource<AccountRules>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _reading.GetOrAdd(accountId, reading.Task);
        if (first != reading.Task) return await first;
        try
        {
            Set(accountId, await grains.GetGrain<IRuleBookGrain>(accountId).GetBook());
            reading.SetResult(_books[accountId]);
        }
        catch (Exception exception)
        {
            reading.SetException(exception);
        }

        _reading.TryRemove(accountId, out _);
        return await reading.Task;
    }
}
