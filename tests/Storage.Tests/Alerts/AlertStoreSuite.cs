using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Tests.Alerts;

/// <summary>What every store of alerts must do: an open one, and what the tests of the suites put into it. A store derives each suite and says how it is opened.</summary>
public abstract class AlertStoreSuite : IAsyncLifetime
{
    protected const long Mine = 7, Other = 8;

    protected static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, 123, TimeSpan.Zero);

    private readonly IAlertPlace _place;

    protected AlertStoreSuite(Func<IAlertPlace> place) => _place = place();

    /// <summary>The store that is open.</summary>
    protected IAlertStore Alerts { get; private set; } = null!;

    /// <summary>Where it is.</summary>
    protected IAlertPlace Place => _place;

    public Task InitializeAsync() => ReopenAsync();

    public async Task DisposeAsync() => await _place.DisposeAsync();

    /// <summary>As a server's restart does.</summary>
    protected async Task ReopenAsync(int maxWaiting = 100_000) => Alerts = await _place.OpenAsync(maxWaiting);

    protected static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    protected static Incident Opened(string id, double at = 0, long account = Mine, long host = 1) => new(
        id, account, host, $"host-{host}", 2, "CPU busy", 1, "cpu.percent", At(at), 97.5, "{\"name\":\"CPU busy\"}") { OwnerId = account, Peak = 97.5 };

    /// <summary>A transition that opens an incident of its own id.</summary>
    protected static TransitionEntry Fired(string id, double at = 0, long account = Mine, long host = 1) => Fired(Opened(id, at, account, host));

    protected static TransitionEntry Fired(Incident incident) =>
        new(incident.Id, incident.AccountId, new IncidentChange(incident.Id, incident, new IncidentEvent(incident.OpenedAt, "fired", Value: incident.Value)), true, $"{{\"id\":\"{incident.Id}\"}}");

    protected static TransitionEntry Resolved(string id, string incident, double at, long account = Mine) =>
        new(id, account, new IncidentChange(incident, null, new IncidentEvent(At(at), "resolved")) { ResolvedAt = At(at) }, true, $"{{\"id\":\"{id}\"}}");

    protected static NotificationEntry Message(string id, params string[] incidents) => new(id, Mine, 3, At(5), $"Title of {id}", $"{{\"id\":\"{id}\"}}", [.. incidents]);

    protected async Task<List<string>> PendingAsync(long account = Mine, int limit = 1_000) =>
        [.. (await Alerts.ReadPendingAsync(account, limit, CancellationToken.None)).Select(pending => pending.Id)];

    protected async Task<List<string>> QueuedAsync(long account = Mine, int limit = 1_000) =>
        [.. (await Alerts.ReadQueuedAsync(account, limit, CancellationToken.None)).Select(queued => queued.Entry.Id)];

    protected async Task<IncidentStory> StoryAsync(string incident) =>
        await Alerts.ReadStoryAsync(incident, CancellationToken.None) ?? throw new Xunit.Sdk.XunitException($"There is no incident {incident}.");

    protected async Task<List<string>> IdsAsync(IncidentQuery query) => [.. (await Alerts.ReadAsync(query, CancellationToken.None)).Select(incident => incident.Id)];

    /// <summary>An incident that was open from and to so many seconds.</summary>
    protected async Task IncidentAsync(string id, double from, double? to = null, long account = Mine, long host = 1)
    {
        await Alerts.AcceptAsync([Fired(id, from, account, host)]);
        if (to is { } end) await Alerts.AcceptAsync([Resolved($"{id}-end", id, end, account)]);
    }

    /// <summary>A notification that became what is said.</summary>
    protected async Task NotificationAsync(string id, NotificationState state, double at, params string[] incidents)
    {
        Assert.True(await Alerts.DecideAsync(Mine, [], [Message(id, incidents)], []));
        if (state != NotificationState.Queued) Assert.True(await Alerts.SettleAsync(new StoredNotification(Message(id, incidents), state) { Attempts = 1, DueAt = At(at) }));
    }

    protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where the store of one test is.</summary>
public interface IAlertPlace : IAsyncDisposable
{
    /// <summary>Opens the store as it was left; one that is open is closed before.</summary>
    Task<IAlertStore> OpenAsync(int maxWaiting);

    /// <summary>Another server on the same data, or the same one where there can be one alone.</summary>
    Task<IAlertStore> OpenAnotherAsync();

    /// <summary>Has every write fail until it is disposed of.</summary>
    IDisposable BreakWrites();

    /// <summary>Rows of a table.</summary>
    long Count(string table);
}
