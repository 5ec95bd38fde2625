namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Brings the desk back after a crash while there is anything to do. Changes come one after the other, whichever calls ask for them.</summary>
internal sealed class DeskReminder(IGrainBase desk)
{
    public const string Name = "alerts";

    // The shortest that reminders are made for.
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private Task _last = Task.CompletedTask;
    private bool _isSet;

    /// <summary>There is something to do: the reminder is stored when this returns.</summary>
    public Task SetAsync()
    {
        if (_isSet && _last.IsCompletedSuccessfully) return Task.CompletedTask;
        return _last = ChangeAsync(_last, async () =>
        {
            if (!_isSet) await desk.RegisterOrUpdateReminder(Name, Every, Every);
            _isSet = true;
        });
    }

    /// <summary>There is nothing to do, unless meanwhile there is.</summary>
    public Task DropAsync(Func<bool> isIdle) => _last = ChangeAsync(_last, async () =>
    {
        if (!isIdle()) return;
        _isSet = false;
        if (await desk.GetReminder(Name) is { } reminder) await desk.UnregisterReminder(reminder);
    });

    private static async Task ChangeAsync(Task before, Func<Task> change)
    {
        // What became of it is its caller's.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await change();
    }
}
