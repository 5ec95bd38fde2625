using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>A grain that can be reminded; it tells "key reminded" with the reminder's name.</summary>
public interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan dueTime, TimeSpan period);

    Task<bool> Unregister(string name);

    Task<bool> IsRegistered(string name);
}

public sealed class ReminderGrain(Probe probe) : Grain, IReminderGrain, IRemindable
{
    public Task Register(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task<bool> Unregister(string name)
    {
        if (await this.GetReminder(name) is not { } reminder) return false;

        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<bool> IsRegistered(string name) => await this.GetReminder(name) is not null;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} reminded", (reminderName, status.Period));
        return Task.CompletedTask;
    }
}
