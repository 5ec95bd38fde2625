namespace StatusMonitor.Storage;

/// <summary>The store has more waiting than it may hold; try again shortly.</summary>
/// <remarks>Like the other an Orleans exception, because the engine wraps whatever else the storage of a grain's state throws.</remarks>
[GenerateSerializer, Alias("StatusMonitor.StorageBusyException")]
public sealed class StorageBusyException : OrleansException
{
    public StorageBusyException() : this("The store is busy: too many writes are waiting.")
    {
    }

    public StorageBusyException(string message) : base(message)
    {
    }

    public StorageBusyException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The store could not write: the disk is full, gone or damaged. Nothing of the write took effect.</summary>
[GenerateSerializer, Alias("StatusMonitor.StorageFailedException")]
public class StorageFailedException : OrleansException
{
    public StorageFailedException() : this("The store could not write.")
    {
    }

    public StorageFailedException(string message) : base(message)
    {
    }

    public StorageFailedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>Another server has taken over from this one, which writes nothing any more. Nothing of the write took effect.</summary>
[GenerateSerializer, Alias("StatusMonitor.FencedOffException")]
public sealed class FencedOffException : StorageFailedException
{
    public FencedOffException() : this("Another server has taken over; this one writes nothing any more.")
    {
    }

    public FencedOffException(string message) : base(message)
    {
    }

    public FencedOffException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The disk is nearly full, or that of the database is, or the database as large as it may get: nothing is stored until there is room again.</summary>
[GenerateSerializer, Alias("StatusMonitor.StorageFullException")]
public sealed class StorageFullException : StorageFailedException
{
    public StorageFullException() : this("The disk of the data folder is nearly full.")
    {
    }

    public StorageFullException(string message) : base(message)
    {
    }

    public StorageFullException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
