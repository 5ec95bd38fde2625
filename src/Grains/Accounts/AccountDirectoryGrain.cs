using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// All accounts by name; the only key is 0. A change of an account is written down here first, then made, then written down as made. A crash in between, or
/// storage that fails, loses none: what is written down and not made is made in the background, until it succeeds.
/// </summary>
/// <remarks>It calls the accounts, so the accounts must never call it: both would wait for each other.</remarks>
public sealed partial class AccountDirectoryGrain(
    [PersistentState("account-directory")] IPersistentState<AccountDirectoryState> state,
    IOptions<AccountOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<AccountDirectoryGrain> logger) : Grain, IAccountDirectoryGrain
{
    /// <summary>Hosts that are seen to in one turn; other calls wait for so long and no longer.</summary>
    private const int HostsPerTurn = 64;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly AccountOptions _options = options.Value.Checked();
    private readonly StoredState<AccountDirectoryState> _state = new(state);
    private readonly Dictionary<string, long> _idsByName = [];

    // Accounts that are being deleted, and how many hosts they had when it was last looked.
    private readonly Dictionary<long, int> _hostsLeft = [];
    private ImmutableArray<AccountInfo>? _sorted;
    private IGrainTimer? _timer;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, entry) in _state.Value.Accounts)
        {
            // Should two names have become the same by another version's rule, the older account keeps it.
            if (AccountName.TryNormalize(entry.Info.Name, out var normalized)) _idsByName.TryAdd(normalized, id);
        }

        ArmTimer(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<NewAccountResult> Create(string name, string passwordHash, AccountRole role)
    {
        if (!AccountName.TryNormalize(name, out var normalized)) throw new ArgumentException("It cannot be a user name.", nameof(name));
        if (_idsByName.ContainsKey(normalized)) return new NewAccountResult(AccountOutcome.NameTaken);
        if (_state.Value.Accounts.Count >= _options.MaxAccounts) return new NewAccountResult(AccountOutcome.TooMany);

        // The account first. Until it is listed nobody can find it; if that fails, the next to be made gets its id and is written over it.
        var info = new AccountInfo(_state.Value.LastId + 1, name.Trim(), role, false, time.GetUtcNow());
        await Account(info.Id).Initialize(info, passwordHash);
        await Store(AccountRegister.Add(_state.Value, info));
        _idsByName[normalized] = info.Id;
        return new NewAccountResult(AccountOutcome.Done, info);
    }

    /// <inheritdoc/>
    public Task<AccountInfo?> Find(string name) => Task.FromResult(
        AccountName.TryNormalize(name, out var normalized) && _idsByName.TryGetValue(normalized, out var id) ? AccountRegister.Find(_state.Value, id)?.Info : null);

    /// <inheritdoc/>
    public Task<ImmutableArray<AccountInfo>> GetAccounts() => Task.FromResult(_sorted ??= [.. _idsByName
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => AccountRegister.Find(_state.Value, pair.Value)?.Info)
        .OfType<AccountInfo>()]);

    /// <inheritdoc/>
    public async Task<AccountOutcome> SetStanding(long id, AccountRole? role, bool? isDisabled)
    {
        await EndStanding(id);
        var (outcome, next) = AccountRegister.BeginStanding(_state.Value, id, role, isDisabled);
        if (next == _state.Value) return outcome;

        await Store(next);
        await EndStanding(id);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<AccountOutcome> Delete(long id, OrphanedHosts hosts, long heir)
    {
        await EndStanding(id);
        var (outcome, next) = AccountRegister.BeginDeletion(_state.Value, id, hosts, heir);
        if (outcome != AccountOutcome.Done) return outcome;

        if (next != _state.Value) await Store(next);
        await EndAccount(id);
        ArmTimer(TimeSpan.Zero);
        return outcome;
    }

    private IAccountGrain Account(long id) => GrainFactory.GetGrain<IAccountGrain>(id);

    private async Task Store(AccountDirectoryState next)
    {
        await _state.Store(next);
        _sorted = null;
    }

    /// <summary>Makes the standing so that is written down for an account, if there is one.</summary>
    private async Task EndStanding(long id)
    {
        if (AccountRegister.Find(_state.Value, id)?.Standing is not var (role, isDisabled)) return;
        try
        {
            await Account(id).SetStanding(role, isDisabled);
            await Store(AccountRegister.EndStanding(_state.Value, id));
        }
        catch
        {
            ArmTimer(RetryAfter);
            throw;
        }
    }

    /// <summary>Ends an account that is written down as one that ends; what it has left are its hosts.</summary>
    private async Task EndAccount(long id)
    {
        try
        {
            await Account(id).Delete();
            _hostsLeft.TryAdd(id, int.MaxValue);
        }
        catch
        {
            ArmTimer(RetryAfter);
            throw;
        }
    }

    /// <summary>Goes on with everything that is written down and not made.</summary>
    private async Task Continue(CancellationToken cancellationToken)
    {
        var hasFailed = false;
        foreach (var (id, entry) in _state.Value.Accounts)
        {
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                if (entry.Deletion is { } deletion) hasFailed |= !await Continue(id, deletion);
                else await EndStanding(id);
            }
            catch (InconsistentStateException)
            {
                // Another activation has the directory now; in a call the engine would see to it.
                DeactivateOnIdle();
                return;
            }
            catch (Exception exception)
            {
                hasFailed = true;
                Log.ChangeFailed(logger, exception, id);
            }
        }

        ArmTimer(hasFailed ? RetryAfter : TimeSpan.Zero);
    }

    /// <summary>Sees to some of the hosts of an account that is deleted; without any left, the account is gone. False if it got no further.</summary>
    private async Task<bool> Continue(long id, AccountDeletion deletion)
    {
        if (!_hostsLeft.ContainsKey(id)) await EndAccount(id);

        var owned = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => GrainFactory.GetGrain<IFleetGrain>(shard).GetOwned(id)));
        var hosts = owned.SelectMany(ids => ids).ToList();
        if (hosts.Count == 0)
        {
            var name = _state.Value.Accounts[id].Info.Name;
            await Store(AccountRegister.EndDeletion(_state.Value, id));
            _hostsLeft.Remove(id);
            if (AccountName.TryNormalize(name, out var normalized) && _idsByName.GetValueOrDefault(normalized) == id) _idsByName.Remove(normalized);
            Log.AccountGone(logger, id);
            return true;
        }

        // The lines of the fleet follow the hosts; one that stays behind must not keep us busy.
        var hasProgress = hosts.Count < _hostsLeft[id];
        _hostsLeft[id] = hosts.Count;
        var heir = AccountRegister.Heir(_state.Value, deletion);
        await Task.WhenAll(hosts.Take(HostsPerTurn).Select(host => deletion.Hosts == OrphanedHosts.Transfer
            ? GrainFactory.GetGrain<IHostGrain>(host).SetOwner(heir)
            : GrainFactory.GetGrain<IHostGrain>(host).Delete()));
        return hasProgress;
    }

    private void ArmTimer(TimeSpan due)
    {
        if (_state.Value.Accounts.Values.All(entry => entry is { Standing: null, Deletion: null })) return;

        // Kept alive: it must end even if nobody asks.
        _timer ??= this.RegisterGrainTimer(Continue, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A change of account {AccountId} could not be ended; trying again.")]
        public static partial void ChangeFailed(ILogger logger, Exception exception, long accountId);

        [LoggerMessage(LogLevel.Information, "Account {AccountId} is deleted, and its hosts are seen to.")]
        public static partial void AccountGone(ILogger logger, long accountId);
    }
}
