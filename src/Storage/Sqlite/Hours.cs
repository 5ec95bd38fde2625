namespace StatusMonitor.Storage.Sqlite;

/// <summary>Hours and days since the Unix epoch, by which chunks and rollups are kept.</summary>
internal static class Hours
{
    private const long Length = 3_600_000;
    private const long PerDay = 24;

    /// <summary>The hour that a time, Unix milliseconds, is in. Host clocks may be anywhere, before 1970 too.</summary>
    public static long Of(long at) => FloorDivide(at, Length);

    /// <summary>Begin of an hour, Unix milliseconds.</summary>
    public static long Begin(long hour) => hour * Length;

    /// <summary>Begin of the next hour, Unix milliseconds, or the end of time.</summary>
    public static long End(long hour) => hour >= long.MaxValue / Length ? long.MaxValue : (hour + 1) * Length;

    /// <summary>The day that an hour is in.</summary>
    public static long DayOf(long hour) => FloorDivide(hour, PerDay);

    private static long FloorDivide(long value, long by) => value / by - (value % by < 0 ? 1 : 0);
}
