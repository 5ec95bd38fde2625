using Microsoft.Extensions.DependencyInjection;

namespace StatusMonitor.Grains.Accounts;

/// <inheritdoc cref="ILoginLimiterGrain"/>
/// <remarks>An attempt is stored before its outcome is known, so neither a crash nor many at once give one away. One beyond the limit is not even written.</remarks>
public sealed class LoginLimiterGrain(
    [PersistentState("login-limiter")] IPersistentState<LoginLimiterState> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, ILoginLimiterGrain
{
    /// <summary>
    /// Subjects a shard counts. Beyond it those are forgotten whose last attempt is longest ago: who tries that many names gets the limit anew for
    /// each of them, and is held up by what counts for his address, which he cannot push out without as many addresses.
    /// </summary>
    private const int MaxSubjects = 2_000;

    private readonly StoredState<LoginLimiterState> _state = new(state);

    /// <inheritdoc/>
    public async Task<TimeSpan?> TryBegin(string subject, int limit, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);

        var now = time.GetUtcNow();
        if (LoginAttempts.WaitFor(_state.Value, subject, limit, window, now) is { } wait) return wait;

        await _state.Store(LoginAttempts.Add(_state.Value, subject, window, now, MaxSubjects));
        return null;
    }

    /// <inheritdoc/>
    public async Task Succeeded(string subject)
    {
        var next = LoginAttempts.Forget(_state.Value, subject, time.GetUtcNow());
        if (next != _state.Value) await _state.Store(next);
    }
}
