using System.Text;

namespace StatusMonitor.Agent.Tests.Support;

/// <summary>Everything an agent logged, and a way to wait for a line.</summary>
internal sealed class LogText : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Wanted, TaskCompletionSource Found)> _waiting = [];

    public LogText(TimeProvider? time = null) => Log = new AgentLog(this, time ?? TimeProvider.System);

    public AgentLog Log { get; }

    public string[] Lines
    {
        get
        {
            lock (_lock) return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Waits until a line contains the text.</summary>
    public async Task WaitForAsync(string wanted)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_text.ToString().Contains(wanted, StringComparison.Ordinal)) return;
            _waiting.Add((wanted, found));
        }

        await WaitFor.Event(found.Task, () => $"the log line '{wanted}'; there was:\n{string.Join('\n', Lines)}", Patience);
    }

    public int Count(string part) => Lines.Count(line => line.Contains(part, StringComparison.Ordinal));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            _text.Append(Encoding.UTF8.GetString(buffer));
            var text = _text.ToString();
            foreach (var (_, found) in _waiting.Where(waiting => text.Contains(waiting.Wanted, StringComparison.Ordinal))) found.TrySetResult();
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Waits for events, and says which one never came.</summary>
internal static class WaitFor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task Event(Task happened, string what) => Event(happened, () => what, Patience);

    public static async Task<T> Event<T>(Task<T> happened, string what)
    {
        await Event((Task)happened, what);
        return await happened;
    }

    /// <summary>Asks again and again; for what has no event of its own.</summary>
    public static void Condition(Func<bool> isTrue, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Within {Patience.TotalSeconds} s there never was {what}.");
            Thread.Yield();
        }
    }

    public static async Task Event(Task happened, Func<string> what, TimeSpan patience)
    {
        try
        {
            await happened.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Within {patience.TotalSeconds} s there never was {what()}.");
        }
    }
}
