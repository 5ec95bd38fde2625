using Orleans.Storage;

namespace StatusMonitor.Storage.Tests.State;

/// <summary>A store of what grains keep, open.</summary>
public abstract class StateSuite(Func<IStatePlace> place) : IAsyncLifetime
{
    protected IStatePlace Place { get; } = place();

    protected IGrainStorage Storage { get; private set; } = null!;

    protected IReminderTable Table { get; private set; } = null!;

    public Task InitializeAsync() => ReopenAsync();

    public async Task DisposeAsync() => await Place.DisposeAsync();

    /// <summary>As a server's restart does.</summary>
    protected async Task ReopenAsync() => (Storage, Table) = await Place.OpenAsync();
}

/// <summary>Where the state of one test is.</summary>
public interface IStatePlace : IAsyncDisposable
{
    /// <summary>Opens the store as it was left; one that is open is closed before.</summary>
    Task<(IGrainStorage Storage, IReminderTable Reminders)> OpenAsync();

    /// <summary>Another server on the same data, or the same one where there can be one alone.</summary>
    Task<IGrainStorage> OpenAnotherAsync();

    /// <summary>Holds up a write, so that all that come until it is let go, by calling the result, are one group.</summary>
    Task<Func<Task>> HoldAsync();

    /// <summary>Has every write fail until it is disposed of.</summary>
    IDisposable BreakWrites();
}
