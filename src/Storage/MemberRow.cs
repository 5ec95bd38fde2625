namespace StatusMonitor.Storage;

/// <summary>What a process of a server last said of itself.</summary>
/// <param name="Name">Its name, for people; with the address it tells it from the others.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="StartedAt">Since when it runs, by its own clock.</param>
/// <param name="Silence">How long ago it said so, by the database's clock.</param>
/// <param name="Facts">What it said: a JSON object.</param>
public sealed record MemberRow(string Name, string Address, DateTimeOffset StartedAt, TimeSpan Silence, string Facts);
