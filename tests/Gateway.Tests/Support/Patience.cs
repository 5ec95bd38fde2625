namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Waiting for what must come. The limit is generous, because machines are shared; running into it names what never came.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for an event.</summary>
    public static async Task<T> For<T>(Task<T> task, Func<string> what, TimeSpan? limit = null)
    {
        try
        {
            return await task.WaitAsync(limit ?? Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"This never came: {what()}");
        }
    }

    /// <inheritdoc cref="For{T}(Task{T}, Func{string}, TimeSpan?)"/>
    public static async Task For(Task task, Func<string> what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"This never came: {what()}");
        }
    }

    /// <summary>Asks until the answer is yes: for what happens elsewhere and tells nobody.</summary>
    public static async Task Until(Func<Task<bool>> isSo, Func<string> what, TimeSpan? limit = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > (limit ?? Limit)) throw new TimeoutException($"This never came to be: {what()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
