namespace StatusMonitor.Agent.Enrolment;

/// <summary>A word as one types it in a shell.</summary>
internal static class ShellWord
{
    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%");

    /// <summary>The word itself if it is plain, else in quotes.</summary>
    public static string Quote(string word) => word.AsSpan().ContainsAnyExcept(Plain) ? $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'" : word;
}
