namespace StatusMonitor.Storage.Postgres;

/// <summary>How servers that stand by for each other find out that one of them is gone. A takeover takes the time until that is clear, and what the start of a silo takes.</summary>
public sealed class LeadershipOptions
{
    /// <summary>Name of this server, for people. Default: the machine's.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>How often the leader says that it is alive. Default: 0.5 s.</summary>
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// For how long the leader may answer after it last said so, by its own clock. More rides out a longer restart of the database; it must be well under
    /// <see cref="SilentAfter"/>. Default: 2.5 s.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a leader whose connection stands may say nothing until another takes over: it is frozen or cut off. Measured by the clock of whoever waits. Default: 3 s.</summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a leader may be without its connection until another takes over: its process has ended. It has that time to connect again after a restart of the database. Default: 1 s.</summary>
    public TimeSpan GoneAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often whoever waits looks. Default: 0.2 s.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long what an earlier leader is writing at the moment of a takeover may take; then it is broken off. Default: 0.3 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(300);
}
