namespace StatusMonitor.Gateway;

/// <summary>The server cannot start; the message says why and what to do, for the person who started it.</summary>
public sealed class StartFailedException : Exception
{
    public StartFailedException(string message) : base(message)
    {
    }

    public StartFailedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
