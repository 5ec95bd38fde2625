namespace StatusMonitor.Storage;

/// <summary>How a store is.</summary>
public interface IStoreState
{
    /// <summary>Why the last write failed, or null if it did not.</summary>
    string? Failure { get; }

    /// <summary>Why the store cannot be reached now, or null if it can.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}
