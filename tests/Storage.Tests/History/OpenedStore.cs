using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>A store as a server's start opens it.</summary>
/// <param name="Journal">Its journal.</param>
/// <param name="History">What is read.</param>
/// <param name="Upkeep">What is done in the background, here when a test says so.</param>
/// <param name="Close">Ends it in order.</param>
public sealed record OpenedStore(ISampleJournal Journal, IHistory History, IHistoryUpkeep Upkeep, Func<Task> Close);

/// <summary>Where the store of one test lives. It is opened more than once, and always has what was acknowledged.</summary>
public interface IStorePlace : IAsyncDisposable
{
    /// <summary>Opens the store as it was left.</summary>
    Task<OpenedStore> OpenAsync();

    /// <summary>Opens the store as it is if the server that has it open is killed now.</summary>
    Task<OpenedStore> OpenAsAfterACrashAsync(OpenedStore killed);
}
