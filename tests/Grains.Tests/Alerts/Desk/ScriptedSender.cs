using System.Collections.Concurrent;
using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>What reached a channel.</summary>
internal sealed record Sending(long Channel, AlertMessage Message, string Id);

/// <summary>A channel that does what a test says: takes what it is sent, unless told otherwise.</summary>
internal sealed class ScriptedSender(ChannelKind kind) : IChannelSender
{
    private readonly ConcurrentQueue<Sending> _sendings = new();
    private int _taken;

    public ChannelKind Kind => kind;

    public ImmutableArray<string> Secrets => ["url"];

    /// <summary>Answers instead of taking it; null takes it.</summary>
    public Func<Sending, Task<SendResult?>> Script { get; set; } = _ => Task.FromResult<SendResult?>(null);

    /// <summary>Every try, whatever became of it, in order.</summary>
    public IReadOnlyList<Sending> Tries => [.. _sendings];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings) => null;

    public async Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        var sending = new Sending(channel.Id, message, notificationId);
        var answer = Script(sending);
        _sendings.Enqueue(sending);
        return await answer ?? new SendResult(SendOutcome.Accepted, Reference: $"ref-{notificationId}");
    }

    /// <summary>The next try.</summary>
    public async Task<Sending> NextAsync(string what)
    {
        await Waiting.UntilAsync(() => Task.FromResult(_sendings.Count > _taken), what);
        return _sendings.ElementAt(_taken++);
    }

    /// <summary>The next try, of something that takes time.</summary>
    public async Task<Sending> NextWhileTimePassesAsync(FakeTime time, TimeSpan step, string what)
    {
        await Waiting.UntilAsync(
            () =>
            {
                if (_sendings.Count > _taken) return Task.FromResult(true);
                time.Advance(step);
                return Task.FromResult(_sendings.Count > _taken);
            },
            what);
        return _sendings.ElementAt(_taken++);
    }
}
