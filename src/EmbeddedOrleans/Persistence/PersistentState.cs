using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>What an activation loads before it is activated.</summary>
internal interface IActivationState
{
    Task LoadAsync(CancellationToken cancellationToken);
}

/// <summary>
/// One state of one activation. Operations go to the store one after the other, so that two writes from interleaved
/// calls do not spoil each other's tag.
/// </summary>
internal sealed partial class PersistentState<TState>(Activation activation, string name, IGrainStorage storage) : IPersistentState<TState>, IActivationState
{
    private readonly GrainState<TState> _state = new();
    private Task _last = Task.CompletedTask;

    public TState State
    {
        get => _state.State ??= NewState();
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public static object Create(Activation activation, PersistentStateAttribute attribute)
    {
        // Resolved from the process, not from the activation: providers are its singletons.
        var services = activation.Silo.ServiceProvider;
        var storage = attribute.StorageName is null
            ? services.GetService<IGrainStorage>() ?? services.GetKeyedService<IGrainStorage>(Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
            : services.GetKeyedService<IGrainStorage>(attribute.StorageName);
        return new PersistentState<TState>(activation, attribute.StateName, storage ?? throw new BadProviderConfigException(
            attribute.StorageName is null
                ? $"No default storage provider found loading grain {activation.GrainId}."
                : $"No storage provider named \"{attribute.StorageName}\" found loading grain {activation.GrainId}."));
    }

    public Task LoadAsync(CancellationToken cancellationToken) => ReadStateAsync(cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken)
        => InOrder("read", static (self, token) => self.Storage.ReadStateAsync(self.Name, self.GrainId, self._state, token), cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken)
        => InOrder("write", static (self, token) => self.Storage.WriteStateAsync(self.Name, self.GrainId, self._state, token), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken)
        => InOrder("clear", static (self, token) => self.Storage.ClearStateAsync(self.Name, self.GrainId, self._state, token), cancellationToken);

    private string Name => name;

    private IGrainStorage Storage => storage;

    private GrainId GrainId => activation.GrainId;

    private static TState NewState() => typeof(TState).GetConstructor(Type.EmptyTypes) is null && !typeof(TState).IsValueType
        ? (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState))
        : Activator.CreateInstance<TState>();

    private Task InOrder(string operation, Func<PersistentState<TState>, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(RuntimeContext.Current, activation))
        {
            throw new InvalidOperationException($"The state of {GrainId} was used outside its turns, for example in code started with Task.Run.");
        }

        return _last = RunAsync(_last, operation, run, cancellationToken);
    }

    private async Task RunAsync(Task before, string operation, Func<PersistentState<TState>, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        if (!before.IsCompleted) await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await run(this, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            Log.StorageFailed(activation.Silo.Logger, exception, operation, name, GrainId);
            if (exception is OrleansException) throw;

            // Callers need not know each store's exceptions.
            throw new OrleansException($"Error from storage provider {storage.GetType().Name} during {operation} of \"{name}\" for grain {GrainId}: {exception.Message}", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Could not {Operation} state {StateName} of {GrainId}.")]
        public static partial void StorageFailed(ILogger logger, Exception exception, string operation, string stateName, GrainId grainId);
    }
}
