namespace StatusMonitor.Agent.Connection;

/// <summary>
/// Decides how long to wait after failed attempts. The waits grow from attempt to attempt and are random up to their limit, so that
/// the agents of a whole fleet do not come back to a restarted server in the same second.
/// </summary>
/// <param name="random">Numbers from 0 up to, not including, 1.</param>
internal sealed class RetryPolicy(Func<double> random)
{
    /// <summary>No server may silence an agent for longer.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    // A person has to do something first, so there is no hurry.
    private static readonly TimeSpan FirstWaitForPerson = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWaitForPerson = TimeSpan.FromMinutes(5);

    // A jitter of nothing would be no wait at all.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private DeliveryResult _last = DeliveryResult.Accepted;
    private int _attempts;

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan WaitAfter(Delivery delivery)
    {
        if (NeedsPerson(delivery.Result) != NeedsPerson(_last)) _attempts = 0;
        _last = delivery.Result;
        var attempt = _attempts++;

        if (NeedsPerson(delivery.Result)) return Grown(FirstWaitForPerson, LongestWaitForPerson, attempt) * (0.9 + 0.1 * random());

        var jittered = Grown(FirstWait, LongestWait, attempt) * random();
        if (delivery.RetryAfter is { } asked)
        {
            // At least what was asked for, and a little more for each one differently.
            if (asked > MaxRetryAfter) asked = MaxRetryAfter;
            return asked + FirstWait * random();
        }

        return jittered > ShortestWait ? jittered : ShortestWait;
    }

    /// <summary>Begins anew after a success.</summary>
    public void Reset() => (_attempts, _last) = (0, DeliveryResult.Accepted);

    private static bool NeedsPerson(DeliveryResult result) => result is DeliveryResult.TokenRefused or DeliveryResult.WrongAddress;

    private static TimeSpan Grown(TimeSpan first, TimeSpan longest, int attempt)
    {
        // 2^20 seconds is longer than any limit here.
        var wait = first * Math.Pow(2, Math.Min(attempt, 20));
        return wait < longest ? wait : longest;
    }
}
