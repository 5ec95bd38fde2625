namespace StatusMonitor.Gateway.Accounts;

/// <summary>What is said once to the person who starts the server. It may be a secret and therefore never goes through the log.</summary>
public sealed class StartMessages(TextWriter writer)
{
    /// <summary>Prints lines as a block that stands out among the log's lines, and sees to it that they are out.</summary>
    internal void Print(params IEnumerable<string> lines)
    {
        writer.Write($"\n{string.Join('\n', lines.Select(line => line.Length == 0 ? line : $"  {line}"))}\n\n");
        writer.Flush();
    }
}
