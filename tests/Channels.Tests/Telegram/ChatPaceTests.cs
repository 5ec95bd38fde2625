using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class ChatPaceTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly SteppedTime _time = new();
    private readonly ChatPace _pace;

    public ChatPaceTests() => _pace = new ChatPace(_time);

    [Fact]
    public void Chat_HasOneASecond_AndHoldsUpNoOther()
    {
        for (var i = 0; i < 60; i++) Assert.Equal(i, Book("7").TotalSeconds, 0.001);

        Assert.True(Book("8") <= TimeSpan.FromSeconds(60 / 30.0));
    }

    [Fact]
    public void Group_HasTwentyAMinute()
    {
        var turns = Enumerable.Range(0, 45).Select(_ => Book("-100")).ToArray();

        for (var i = 20; i < turns.Length; i++) Assert.True(turns[i] - turns[i - 20] >= TimeSpan.FromMinutes(1));
        Assert.True(turns[19] < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void All_HaveThirtyASecond()
    {
        var turns = Enumerable.Range(1, 300).Select(chat => Book($"{chat}")).Order().ToArray();

        for (var i = 30; i < turns.Length; i++) Assert.True(turns[i] - turns[i - 30] >= TimeSpan.FromSeconds(0.99));
    }

    [Fact]
    public void TurnThatIsTooFar_IsNotBooked()
    {
        Book("7");
        Assert.False(_pace.TryBook("7", TimeSpan.FromSeconds(0.5), out var wait));
        Assert.Equal(1, wait.TotalSeconds, 0.001);
        Assert.False(_pace.TryBook("7", TimeSpan.FromSeconds(0.5), out wait));
        Assert.Equal(1, wait.TotalSeconds, 0.001);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, Book("7"));
    }

    [Fact]
    public void Pause_HoldsForItsChat()
    {
        _pace.Pause("7", TimeSpan.FromSeconds(30));
        Assert.Equal(30, Book("7").TotalSeconds, 0.001);
        Assert.Equal(TimeSpan.FromSeconds(1.0 / 30), Book("8"));
    }

    [Fact]
    public void StrangersWithoutEnd_AreForgotten()
    {
        for (var i = 1; i <= 30_000; i++)
        {
            Assert.True(_pace.TryBook($"{i}", Long, out _));
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal(TimeSpan.Zero, Book("40000"));
    }

    private TimeSpan Book(string chat)
    {
        Assert.True(_pace.TryBook(chat, Long, out var wait));
        return wait;
    }
}
