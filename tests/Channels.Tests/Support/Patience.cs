namespace StatusMonitor.Channels.Tests.Support;

/// <summary>Waiting for what must come. The limit is generous, because machines are shared; running into it names what never came.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for an event.</summary>
    public static async Task<T> For<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"This never came: {what}");
        }
    }

    /// <summary>Asks until the answer is yes: for what happens elsewhere and tells nobody.</summary>
    public static async Task Until(Func<Task<bool>> isSo, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit) throw new TimeoutException($"This never came to be: {what}");
            await timer.WaitForNextTickAsync();
        }
    }
}
