namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// Counts attempts to sign in, stored so that a restart forgets none. The key is one of <see cref="LoginLimiter.Shards"/> numbers, found by
/// <see cref="LoginLimiter.For"/>; what is limited is named by a text such as <c>name:alice</c> or <c>address:192.0.2.1</c>.
/// </summary>
[Alias("StatusMonitor.ILoginLimiterGrain")]
public interface ILoginLimiterGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Counts an attempt before its outcome is known, so that many at once get no further than one after another. Null if it may go on, else how long
    /// to wait. At most <paramref name="limit"/> in <paramref name="window"/>.
    /// </summary>
    [Alias("TryBegin")]
    Task<TimeSpan?> TryBegin(string subject, int limit, TimeSpan window);

    /// <summary>The attempt succeeded: what was counted for the subject is forgotten.</summary>
    [Alias("Succeeded")]
    Task Succeeded(string subject);
}

/// <summary>Finds the shard that counts a subject.</summary>
public static class LoginLimiter
{
    /// <summary>Parts of the counts. Fixed for good: stored counts are found by it.</summary>
    public const int Shards = 16;

    /// <summary>The shard of a subject.</summary>
    public static ILoginLimiterGrain For(IGrainFactory grains, string subject) => grains.GetGrain<ILoginLimiterGrain>(Shard(subject));

    // Not string.GetHashCode, which differs from process to process.
    private static int Shard(string subject)
    {
        var hash = 2166136261u;
        foreach (var c in subject) hash = (hash ^ c) * 16777619u;
        return (int)(hash % Shards);
    }
}
