using System.Globalization;
using System.Text;

namespace StatusMonitor.Agent;

/// <summary>One line per event for a person or the journal: <c>2026-11-22T05:00:00Z warning The server …</c>.</summary>
/// <remarks>Standard error only, so that standard output is free for what was asked for. Safe to call from any thread.</remarks>
internal sealed class AgentLog(Stream output, TimeProvider time)
{
    private readonly Lock _lock = new();

    public void Info(string message) => Write("info   ", message);

    public void Warning(string message) => Write("warning", message);

    public void Error(string message) => Write("error  ", message);

    private void Write(string level, string message)
    {
        var line = new StringBuilder(message.Length + 32);
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {level} ");
        // Parts of a message may come from a server: they must not forge lines or talk to the terminal.
        foreach (var c in message) line.Append(char.IsControl(c) ? ' ' : c);
        var bytes = Encoding.UTF8.GetBytes(line.Append('\n').ToString());
        lock (_lock)
        {
            try
            {
                output.Write(bytes);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody listens (a closed pipe, a full disk): no reason to stop watching the machine.
            }
        }
    }
}
