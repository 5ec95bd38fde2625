using System.Collections.Immutable;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>Where a server dies: before or after a step. From then on nothing of it reaches the store.</summary>
internal sealed class CrashPoint(string step, bool isAfter, int skip = 0)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = skip;

    public Task Reached => _reached.Task;

    public async Task<T> PassAsync<T>(string at, Func<Task<T>> act)
    {
        ThrowIfDead();
        var isHere = at == step && Interlocked.Decrement(ref _left) < 0;
        if (isHere && !isAfter) Die();
        var result = await act();
        if (isHere) Die();
        ThrowIfDead();
        return result;
    }

    private void Die()
    {
        _reached.TrySetResult();
        ThrowIfDead();
    }

    private void ThrowIfDead()
    {
        if (_reached.Task.IsCompleted) throw new StorageFailedException("The server is dead.");
    }
}

/// <summary>The real store, of a server that may die at any step.</summary>
internal sealed class FragileAlertStore(IAlertStore store, Func<CrashPoint?> crash) : IAlertStore
{
    public Task AcceptAsync(IReadOnlyList<TransitionEntry> transitions) => PassAsync("accept", async () =>
    {
        await store.AcceptAsync(transitions);
        return true;
    });

    public Task<IReadOnlyList<PendingTransition>> ReadPendingAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        PassAsync("pending", () => store.ReadPendingAsync(accountId, limit, cancellationToken));

    public Task<(long Transitions, long Notifications)> CountWaitingAsync(CancellationToken cancellationToken) => PassAsync("waiting", () => store.CountWaitingAsync(cancellationToken));

    public Task<bool> DecideAsync(long accountId, IReadOnlyList<string> transitions, IReadOnlyList<NotificationEntry> notifications, IReadOnlyList<IncidentChange> changes) =>
        PassAsync("decide", () => store.DecideAsync(accountId, transitions, notifications, changes));

    public Task<IReadOnlyList<StoredNotification>> ReadQueuedAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        PassAsync("queued", () => store.ReadQueuedAsync(accountId, limit, cancellationToken));

    public Task<bool> SettleAsync(StoredNotification result) => PassAsync("settle", () => store.SettleAsync(result));

    public Task<bool> RequeueAsync(long accountId, string notificationId, DateTimeOffset now) => store.RequeueAsync(accountId, notificationId, now);

    public Task<bool> DismissAsync(long accountId, string notificationId) => store.DismissAsync(accountId, notificationId);

    public Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(long accountId, ImmutableArray<NotificationState> states, long? before, int limit, CancellationToken cancellationToken) =>
        store.ReadNotificationsAsync(accountId, states, before, limit, cancellationToken);

    public Task<int> CountNotificationsAsync(long accountId, NotificationState state, CancellationToken cancellationToken) => store.CountNotificationsAsync(accountId, state, cancellationToken);

    public Task<IReadOnlyList<StoredNotification>> ReadNotificationsOfAsync(string incidentId, CancellationToken cancellationToken) =>
        PassAsync("notifications", () => store.ReadNotificationsOfAsync(incidentId, cancellationToken));

    public Task<Incident?> ChangeAsync(IncidentChange change) => PassAsync("change", () => store.ChangeAsync(change));

    public Task<IncidentStory?> ReadStoryAsync(string incidentId, CancellationToken cancellationToken) => PassAsync("story", () => store.ReadStoryAsync(incidentId, cancellationToken));

    public Task<IReadOnlyList<Incident>> ReadAsync(IncidentQuery query, CancellationToken cancellationToken) => PassAsync("incidents", () => store.ReadAsync(query, cancellationToken));

    public Task<(int Open, int Acknowledged)> CountAsync(IncidentQuery query, CancellationToken cancellationToken) => PassAsync("count", () => store.CountAsync(query, cancellationToken));

    public Task<IReadOnlyList<Incident>> ReadDueAsync(long accountId, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        PassAsync("due", () => store.ReadDueAsync(accountId, now, limit, cancellationToken));

    public Task<IReadOnlyList<ClassicRecord>> ReadClassicAsync(long accountId, long? hostId, string? metric, int limit, int offset, CancellationToken cancellationToken) =>
        store.ReadClassicAsync(accountId, hostId, metric, limit, offset, cancellationToken);

    public Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken) => store.ClearClassicAsync(accountId, cancellationToken);

    public Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken) => store.DropBeforeAsync(before, cancellationToken);

    public Task DeleteHostAsync(long hostId) => store.DeleteHostAsync(hostId);

    private Task<T> PassAsync<T>(string step, Func<Task<T>> act) => crash() is { } point ? point.PassAsync(step, act) : act();
}
