using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Reminders;
using Orleans.Timers;

namespace Orleans.Runtime;

/// <summary>
/// Ticks the reminders of the table. The table is read once, at the start: nobody else writes to it. As in Orleans,
/// a tick that was missed while the process was down is not made up for; the next one comes on the reminder's own beat.
/// </summary>
internal sealed partial class ReminderService : IReminderRegistry
{
    /// <summary>Timers cannot be set arbitrarily far ahead; waking once a day costs nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>So many entries that nobody waits for may stay in the queue; beyond, a grain that registers again and again would fill it.</summary>
    private const int MostReplaced = 1_000;

    private readonly Silo _silo;
    private readonly IReminderTable? _table;
    private readonly TimeProvider _time;
    private readonly TimeSpan _minimumPeriod;
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId, string), ReminderEntry> _entries = [];
    private readonly PriorityQueue<ReminderEntry, DateTime> _due = new();
    private readonly ITimer _timer;
    private bool _isRunning;

    public ReminderService(Silo silo, IServiceProvider services, IOptions<ReminderOptions> options)
    {
        _silo = silo;
        _table = services.GetService<IReminderTable>();
        _time = services.GetRequiredKeyedService<TimeProvider>(ReminderTimeProviderNames.Reminders);
        _minimumPeriod = options.Value.MinimumReminderPeriod;
        _timer = _time.CreateTimer(static service => ((ReminderService)service!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private IReminderTable Table => _table ?? throw new OrleansConfigurationException(
        "No reminder table is registered: register an IReminderTable, or call UseInMemoryReminderService.");

    private DateTime UtcNow => _time.GetUtcNow().UtcDateTime;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Table.StartAsync(cancellationToken);
        var rows = await Table.ReadRows(0, 0);
        lock (_lock)
        {
            _isRunning = true;
            foreach (var entry in rows.Reminders)
            {
                _entries[(entry.GrainId, entry.ReminderName)] = entry;
                _due.Enqueue(entry, NextTick(entry, UtcNow));
            }

            SetTimer();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isRunning = false;
        }

        await _timer.DisposeAsync();
        await Table.StopAsync(cancellationToken);
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < _minimumPeriod)
        {
            throw new ArgumentException($"Cannot register reminder {reminderName} as requested period ({period}) is less than minimum allowed reminder period ({_minimumPeriod})");
        }

        var entry = new ReminderEntry { GrainId = callingGrainId, ReminderName = reminderName, StartAt = UtcNow + dueTime, Period = period };
        entry.ETag = await Table.UpsertRow(entry)
            ?? throw new ReminderException($"Could not register reminder {reminderName} of {callingGrainId}: another registration was faster.");
        lock (_lock)
        {
            // The entry it replaces stays in the queue, and is passed over when its time comes.
            _entries[(callingGrainId, reminderName)] = entry;
            _due.Enqueue(entry, NextTick(entry, UtcNow));
            if (_due.Count > MostReplaced + (2 * _entries.Count)) DropReplaced();
            SetTimer();
        }

        return new Registered(callingGrainId, reminderName, entry.ETag);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        var registered = (Registered)reminder;
        if (!await Table.RemoveRow(registered.GrainId, registered.ReminderName, registered.ETag)
            && await Table.ReadRow(registered.GrainId, registered.ReminderName) is not null)
        {
            throw new ReminderException($"Could not unregister reminder {reminder.ReminderName} of {registered.GrainId}: it was changed meanwhile.");
        }

        lock (_lock)
        {
            _entries.Remove((registered.GrainId, registered.ReminderName));
        }
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
        => await Table.ReadRow(callingGrainId, reminderName) is { } entry ? new Registered(entry.GrainId, entry.ReminderName, entry.ETag!) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
        => [.. (await Table.ReadRows(callingGrainId)).Reminders.Select(entry => new Registered(entry.GrainId, entry.ReminderName, entry.ETag!))];

    private static DateTime NextTick(ReminderEntry entry, DateTime now)
    {
        // A store may have lost that the time is UTC.
        var start = DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc);
        if (now <= start || entry.Period <= TimeSpan.Zero) return start;

        var sinceLast = (now - start).Ticks % entry.Period.Ticks;
        return sinceLast == 0 ? now : now.AddTicks(entry.Period.Ticks - sinceLast);
    }

    private void SetTimer()
    {
        if (!_isRunning || !_due.TryPeek(out _, out var next)) return;

        var wait = next - UtcNow;
        _timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }

    private void FireDue()
    {
        List<(ReminderEntry, DateTime)> due = [];
        lock (_lock)
        {
            if (!_isRunning) return;

            while (_due.TryPeek(out var entry, out var tick) && tick <= UtcNow)
            {
                _due.Dequeue();
                if (IsCurrent(entry)) due.Add((entry, tick));
            }

            SetTimer();
        }

        foreach (var (entry, tick) in due) _ = FireAsync(entry, tick);
    }

    private async Task FireAsync(ReminderEntry entry, DateTime tick)
    {
        try
        {
            await _silo.GetGrain<IRemindable>(entry.GrainId).ReceiveReminder(entry.ReminderName, new TickStatus(entry.StartAt, entry.Period, UtcNow));
        }
        catch (Exception exception)
        {
            // The next tick is the next try.
            Log.TickFailed(_silo.Logger, exception, entry.ReminderName, entry.GrainId);
        }

        lock (_lock)
        {
            if (!IsCurrent(entry) || entry.Period <= TimeSpan.Zero) return;

            var next = NextTick(entry, UtcNow);
            _due.Enqueue(entry, next > tick ? next : tick + entry.Period);
            SetTimer();
        }
    }

    private void DropReplaced()
    {
        var current = _due.UnorderedItems.Where(item => IsCurrent(item.Element)).ToList();
        _due.Clear();
        _due.EnqueueRange(current);
    }

    private bool IsCurrent(ReminderEntry entry)
        => _entries.TryGetValue((entry.GrainId, entry.ReminderName), out var current) && ReferenceEquals(current, entry);

    private sealed record Registered(GrainId GrainId, string ReminderName, string ETag) : IGrainReminder;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Could not deliver a tick of reminder {ReminderName} to {GrainId}.")]
        public static partial void TickFailed(ILogger logger, Exception exception, string reminderName, GrainId grainId);
    }
}
