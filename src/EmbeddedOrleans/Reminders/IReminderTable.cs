using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are kept. The one that is registered decides what they survive.</summary>
public interface IReminderTable
{
    /// <summary>Called before anything else; fails if the table cannot be reached.</summary>
    Task StartAsync(CancellationToken cancellationToken = default)
#pragma warning disable CS0618 // A table written for an earlier Orleans has only Init.
        => Init();
#pragma warning restore CS0618

    /// <inheritdoc cref="StartAsync"/>
    [Obsolete("Implement and use StartAsync instead")]
    Task Init() => Task.CompletedTask;

    /// <summary>All reminders of one grain.</summary>
    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>All reminders of grains whose uniform hash is after <paramref name="begin"/> and up to <paramref name="end"/>, around the ring; all when both are equal.</summary>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    /// <summary>One reminder, or null.</summary>
    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Stores a reminder over any other of that name and returns its new tag; null if it could not.</summary>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>Removes a reminder; false if there is none with that tag.</summary>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    /// <summary>Removes everything, for tests.</summary>
    Task TestOnlyClearTable();

    /// <summary>Called after everything else.</summary>
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>What was read of a table.</summary>
public sealed class ReminderTableData
{
    /// <summary>Several reminders.</summary>
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    /// <summary>One reminder.</summary>
    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

    /// <summary>No reminder.</summary>
    public ReminderTableData() => Reminders = [];

    /// <summary>The reminders.</summary>
    public IList<ReminderEntry> Reminders { get; private set; }
}

/// <summary>One reminder as it is kept.</summary>
public sealed class ReminderEntry
{
    /// <summary>Whom it reminds.</summary>
    public GrainId GrainId { get; set; }

    /// <summary>Its name, which is unique within the grain.</summary>
    public string ReminderName { get; set; } = null!;

    /// <summary>The time of its first tick, in UTC; the others lie whole periods after it.</summary>
    public DateTime StartAt { get; set; }

    /// <summary>The time between ticks.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>The tag of this version.</summary>
    public string? ETag { get; set; }
}
