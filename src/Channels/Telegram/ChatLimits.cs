namespace StatusMonitor.Channels.Telegram;

/// <summary>How much of what a chat sends is answered, so that one who floods the bot gets silence and keeps nobody waiting. Forgotten with the process.</summary>
internal sealed class ChatLimits(TimeProvider time)
{
    private const int MaxChats = 10_000;
    private const int CallsAMinute = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenHints = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Seen> _chats = [];

    /// <summary>Whether another command of a chat is looked at.</summary>
    public bool TryCall(long chat) => With(chat, seen =>
    {
        if (time.GetElapsedTime(seen.Since) > Window) (seen.Since, seen.Calls) = (time.GetTimestamp(), 0);
        return seen.Calls++ < CallsAMinute;
    });

    /// <summary>Whether a chat that belongs to nobody is told how to change that: once an hour.</summary>
    public bool TryHint(long chat) => With(chat, seen =>
    {
        if (seen.HintedAt is { } last && time.GetElapsedTime(last) < BetweenHints) return false;
        seen.HintedAt = time.GetTimestamp();
        return true;
    });

    private bool With(long chat, Func<Seen, bool> decide)
    {
        lock (_gate)
        {
            if (!_chats.TryGetValue(chat, out var seen))
            {
                if (_chats.Count >= MaxChats)
                {
                    foreach (var (id, other) in _chats.ToArray())
                    {
                        if (time.GetElapsedTime(other.Since) > Window && (other.HintedAt is not { } hint || time.GetElapsedTime(hint) > BetweenHints)) _chats.Remove(id);
                    }
                }

                // So many at once are no people.
                if (_chats.Count >= MaxChats) return false;
                _chats.Add(chat, seen = new Seen { Since = time.GetTimestamp() });
            }

            return decide(seen);
        }
    }

    private sealed class Seen
    {
        public long Since { get; set; }

        public int Calls { get; set; }

        public long? HintedAt { get; set; }
    }
}
