using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Sqlite;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>Tests with a server whose channels do what the test says, and whose store may die.</summary>
public abstract class DeskTests : SiloTests
{
    private protected static readonly TimeSpan Window = AlertRouting.Default.GroupWindow;

    /// <summary>Where the server that runs dies, or null.</summary>
    private protected CrashPoint? Crash { get; set; }

    private protected ScriptedSender Webhook { get; private set; } = new(ChannelKind.Webhook);

    private protected ScriptedSender Telegram { get; private set; } = new(ChannelKind.Telegram);

    private protected IAlertDeskGrain Desk => Silo.Client.GetGrain<IAlertDeskGrain>(Account);

    private protected IAlertStore Store => new FragileAlertStore(Silo.Service<SqliteAlertStore>(), () => null);

    private protected DateTimeOffset Now => Time.Wall;

    /// <summary>Starts the server, or another that finds what the one before left.</summary>
    private protected async Task StartAsync(CrashPoint? crash = null, TimeSpan away = default)
    {
        Crash = null;
        await RestartAsync(away, services: services =>
        {
            services.AddSingleton<IChannelSender>(Webhook);
            services.AddSingleton<IChannelSender>(Telegram);
            services.AddSingleton<SqliteAlertStore>();
            services.AddSingleton<IAlertStore>(provider => new FragileAlertStore(provider.GetRequiredService<SqliteAlertStore>(), () => Crash));
        });
        Crash = crash;
    }

    /// <summary>The clock of grains is the wall clock of the test, and transitions are of now.</summary>
    private protected AlertTransition Fire(long host, int number, AlertRule rule, double? value = null) => Fired(host, number, rule, Now, value);

    private protected async Task<long> AddChannelAsync(ChannelKind kind = ChannelKind.Webhook, string name = "ops") =>
        (await Desk.AddChannel(new AlertChannel { Name = name, Kind = kind, Settings = ImmutableDictionary<string, string>.Empty.Add("url", "https://example.org/secret") }))!.Id;

    private protected async Task<Incident> IncidentAsync(string id) => (await Store.ReadStoryAsync(id, default))!.Incident;

    private protected async Task<IEnumerable<string>> StoryAsync(string id) => (await Store.ReadStoryAsync(id, default))!.Events.Select(entry => entry.Kind);

    private protected async Task<IReadOnlyList<StoredNotification>> NotificationsAsync(params NotificationState[] states) =>
        await Store.ReadNotificationsAsync(Account, states.Length == 0 ? [NotificationState.Queued, NotificationState.Sent, NotificationState.Dead] : [.. states], null, 500, default);

    private protected Task<int> PendingAsync() => Store.ReadPendingAsync(Account, 1000, default).ContinueWith(read => read.Result.Count, TaskScheduler.Default);

    /// <summary>Waits until nothing is pending or queued.</summary>
    private protected Task DoneAsync() => Waiting.UntilAsync(
        async () => await PendingAsync() == 0 && (await Store.ReadQueuedAsync(Account, 1, default)).Count == 0, "the end of what is to be told");

    /// <summary>A tick of the reminder, which in these tests no clock brings.</summary>
    private protected Task RemindAsync() => Silo.Client.GetGrain<IRemindable>(Desk.GetGrainId()).ReceiveReminder(DeskReminder.Name, default);

    private protected async Task<bool> HasReminderAsync() => (await Silo.Reminders.ReadRows(Desk.GetGrainId())).Reminders.Count > 0;
}
