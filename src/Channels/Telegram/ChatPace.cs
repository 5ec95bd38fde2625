namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// Keeps to the rates that Telegram allows a bot (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): a message a second to a chat, 20 a minute to a group, some 30 a second in
/// all. Each chat has its own turn, so that one that gets many holds up no other. Of each process; in a cluster the API's own answer (429) has the last word.
/// </summary>
internal sealed class ChatPace(TimeProvider time)
{
    private const int MaxChats = 10_000;
    private const int GroupMessages = 20;
    private static readonly TimeSpan GroupWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PerChat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PerBot = TimeSpan.FromSeconds(1.0 / 30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Chat> _chats = [];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextOfBot;

    /// <summary>Books the next turn of a chat if it comes within a time. False if not, and nothing is booked.</summary>
    /// <param name="chat">The chat.</param>
    /// <param name="within">How long there may be to wait.</param>
    /// <param name="wait">How long there is to wait.</param>
    public bool TryBook(string chat, TimeSpan within, out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            var own = Find(chat, now);
            var turn = Max(Max(now, _nextOfBot), own.Next);
            if (own.IsGroup && own.Sent.Count == GroupMessages) turn = Max(turn, own.Sent.Peek() + GroupWindow);
            wait = turn - now;
            if (wait > within) return false;

            // By the bot's own turns alone: one that waits for its chat must not hold back the others.
            _nextOfBot = Max(now, _nextOfBot) + PerBot;
            own.Next = turn + PerChat;
            if (!own.IsGroup) return true;
            if (own.Sent.Count == GroupMessages) own.Sent.Dequeue();
            own.Sent.Enqueue(turn);
            return true;
        }
    }

    /// <summary>The API wants a chat to be left alone.</summary>
    public void Pause(string chat, TimeSpan wait)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            var own = Find(chat, now);
            own.Next = Max(own.Next, now + wait);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private Chat Find(string chat, TimeSpan now)
    {
        if (_chats.TryGetValue(chat, out var known)) return known;
        if (_chats.Count >= MaxChats)
        {
            foreach (var (id, _) in _chats.Where(entry => entry.Value.Next + GroupWindow < now).ToArray()) _chats.Remove(id);
        }

        // Ids of groups are negative; a name is that of a channel or public group.
        var made = new Chat(chat.StartsWith('-') || chat.StartsWith('@'));
        if (_chats.Count < MaxChats) _chats.Add(chat, made);
        return made;
    }

    private sealed class Chat(bool isGroup)
    {
        public bool IsGroup => isGroup;

        public Queue<TimeSpan> Sent { get; } = new();

        public TimeSpan Next { get; set; }
    }
}
