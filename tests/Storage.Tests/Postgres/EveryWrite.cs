using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.State;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>Each kind of thing that a server writes, each with something to do.</summary>
internal sealed class EveryWrite : IAsyncDisposable
{
    private const long Account = 7, Removed = 3;

    private static readonly GrainId Grain = GrainId.Create("host", "1");
    private static readonly long[] Compacted = [1, 2];

    private readonly PostgresStore _store;
    private readonly PostgresGrainStorage _storage;
    private readonly PostgresSampleJournal _journal;
    private readonly PostgresHistoryUpkeep _upkeep;
    private readonly PostgresAuditLog _audit;
    private readonly PostgresAlertStore _alerts;
    private readonly PostgresReminderTable _reminders;
    private readonly Leases _leases;

    public EveryWrite(PostgresStore store, GrainState<GrainStorageSuite.Note> state)
    {
        (_store, State) = (store, state);
        (_storage, _journal, _audit, _alerts) = (new PostgresGrainStorage(store), new PostgresSampleJournal(store), new PostgresAuditLog(store), new PostgresAlertStore(store));
        (_reminders, _leases) = (new PostgresReminderTable(store), new Leases(store));
        _upkeep = new PostgresHistoryUpkeep(store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);
    }

    public GrainState<GrainStorageSuite.Note> State { get; }

    public IEnumerable<(string Name, Func<Task> Write)> All =>
    [
        ("a state", () => _storage.WriteStateAsync("note", Grain, State)),
        ("a state that is cleared", () => _storage.ClearStateAsync("note", Grain, State)),
        ("a reminder", () => _reminders.UpsertRow(Reminder("second"))),
        ("a reminder that is removed", async () => Assert.True(await _reminders.RemoveRow(Grain, "first", (await _reminders.ReadRow(Grain, "first"))!.ETag!))),
        ("rows of the journal", () => _journal.AppendAsync(1, [new SeriesEntry(1, "b")], [Row(Start + 5_000)])),
        ("compaction", CompactAsync),
        ("a host that is deleted", () => _journal.DeleteAsync(Removed)),
        ("a partition that is dropped", DropAsync),
        ("retention of history", () => _upkeep.SweepAsync(new HistoryCutoffs(After(Start).ToUnixTimeMilliseconds(), 0, 0), default)),
        ("the note that a server is there", () => _upkeep.NoteAliveAsync(After(Start + Hour))),
        ("an entry of the audit log", () => _audit.AppendAsync(Entry(2))),
        ("retention of the audit log", () => _audit.DropBeforeAsync(Time(Start + 2), default)),
        ("a transition", () => _alerts.AcceptAsync([Transition("1-2")])),
        ("a decision", () => _alerts.DecideAsync(Account, ["1-1"], [], [])),
        ("the end of a host's alerts", () => _alerts.DeleteHostAsync(1)),
    ];

    /// <summary>What is there to be changed.</summary>
    public async Task PrepareAsync()
    {
        await _storage.WriteStateAsync("note", Grain, State);
        await _reminders.UpsertRow(Reminder("first"));
        foreach (var host in Compacted.Append(Removed)) await _journal.AppendAsync(host, [new SeriesEntry(0, "a")], [Row(Start)]);
        await _leases.TakeAsync([.. Compacted.Select(HourCompaction.LeaseOf)], default);
        await _audit.AppendAsync(Entry(1));
        await _alerts.AcceptAsync([Transition("1-1")]);
    }

    public async ValueTask DisposeAsync()
    {
        _upkeep.Dispose();
        foreach (var part in new IAsyncDisposable[] { _storage, _journal, _audit, _alerts }) await part.DisposeAsync();
    }

    /// <summary>By whoever has the leases, which after a takeover run out.</summary>
    private async Task CompactAsync()
    {
        var leases = _leases;
        if (_store.Options.Epoch != 1)
        {
            await _store.WriteAsync(connection => connection.RunAsync("delete from statusmonitor.leases", []), default);
            await leases.TakeAsync([.. Compacted.Select(HourCompaction.LeaseOf)], default);
        }

        foreach (var host in Compacted) await new HourCompaction(_store, leases).CompactAsync(host, Start / Hour, default);
    }

    private async Task DropAsync()
    {
        await using var connection = await _store.OpenAsync();
        Assert.True(await _store.Partitions.TryDropAsync(connection, Start / Hour, default));
    }

    private static ReminderEntry Reminder(string name) => new() { GrainId = Grain, ReminderName = name, StartAt = Time(Start).UtcDateTime, Period = TimeSpan.FromHours(1) };

    private static AuditEntry Entry(long at) => new(Time(Start + at), Account, "ann", "account.login", null, null, null, null, "ok", null);

    private static TransitionEntry Transition(string id)
    {
        var incident = new Incident(id, Account, 1, "host-1", 2, "CPU busy", 1, "cpu.percent", Time(Start), 97.5, "{}") { OwnerId = Account, Peak = 97.5 };
        return new TransitionEntry(id, Account, new IncidentChange(id, incident, new IncidentEvent(incident.OpenedAt, "fired", Value: incident.Value)), true, "{}");
    }
}
