using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The base of every grain: one object per key, which the silo makes when the first call arrives and which
/// runs one turn at a time.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly IGrainRuntime? _runtime;

    /// <summary>Takes the context of the activation that is being made.</summary>
    protected Grain() : this(RuntimeContext.Current!)
    {
    }

    /// <summary>Lets a test give the context and the runtime itself.</summary>
    protected Grain(IGrainContext grainContext, IGrainRuntime? grainRuntime = null)
    {
        GrainContext = grainContext;
        _runtime = grainRuntime ?? (grainContext as Activation)?.Silo;
    }

    /// <summary>The activation this object is. Null when it was made with <c>new</c> outside a silo.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Runtime.GrainFactory;

    /// <summary>The activation's own services: scoped ones live as long as it does.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext?.ActivationServices ?? Runtime.ServiceProvider;

    /// <summary>The grain's identity as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    private IGrainRuntime Runtime => _runtime ?? throw new InvalidOperationException(
        "The grain was made outside a silo, and without a runtime.");

    /// <summary>Called before the first call is let in. If it fails, the callers get its exception and the next call tries anew.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called when no call is running any more and before a new activation may be made. Not called after a crash.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deactivates this activation once it is idle; calls that arrive meanwhile go to the next one.</summary>
    protected void DeactivateOnIdle() => Runtime.DeactivateOnIdle(GrainContext);

    /// <summary>Keeps this activation from being collected for that long; a time of zero or less takes it back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Runtime.DelayDeactivation(GrainContext, timeSpan);
}
