using System.Collections.Immutable;

namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// How far the bot is with what people sent. Telegram gives each update a number and gives everything again from the number it is asked for; what is done is noted one by one, so that after a crash
/// nothing that was done is done again and nothing is left out.
/// </summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramPollerState")]
public sealed record TelegramPollerState
{
    private const int MaxDone = 1000;

    // Telegram begins with another number, maybe a lower one, when there was nothing for a week.
    private static readonly TimeSpan LongSilence = TimeSpan.FromDays(6);

    /// <summary>Everything before this number is done with; null until there was something.</summary>
    [Id(0)]
    public long? Next { get; init; }

    /// <summary>Numbers that are done, newest last.</summary>
    [Id(1)]
    public ImmutableArray<long> Done { get; init; } = [];

    /// <summary>When something was done last.</summary>
    [Id(2)]
    public DateTimeOffset At { get; init; }

    /// <summary>The number to ask from; null is whatever Telegram has.</summary>
    public long? OffsetAt(DateTimeOffset now) => now - At > LongSilence ? null : Next;

    /// <summary>Whether an update is done.</summary>
    public bool IsDone(long update) => Done.Contains(update);

    /// <summary>The same with an update done.</summary>
    public TelegramPollerState With(long update, DateTimeOffset now) =>
        IsDone(update) ? this : this with { Done = (Done.Length < MaxDone ? Done : Done.RemoveAt(0)).Add(update), At = now };

    /// <summary>The same when all that was asked for is done.</summary>
    public TelegramPollerState After(IEnumerable<long> updates, DateTimeOffset now) => this with { Next = updates.Max() + 1, At = now };
}
