namespace Orleans.Runtime;

/// <summary>One activation, as code around the grain sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The identity of the grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services that live as long as this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when this activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Begins to end this activation: running calls finish, later ones go to the next activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>Tells which grain the code that asks runs for.</summary>
public interface IGrainContextAccessor
{
    /// <summary>The activation whose turn this is. Outside of turns it is nobody's: null here, a context without a grain in Orleans.</summary>
    IGrainContext GrainContext { get; }
}

/// <summary>What a grain asks of its silo; a test can stand in for it.</summary>
public interface IGrainRuntime
{
    /// <summary>Makes references to grains.</summary>
    IGrainFactory GrainFactory { get; }

    /// <summary>The services of the process.</summary>
    IServiceProvider ServiceProvider { get; }

    /// <inheritdoc cref="Grain.DeactivateOnIdle"/>
    void DeactivateOnIdle(IGrainContext grainContext);

    /// <inheritdoc cref="Grain.DelayDeactivation"/>
    void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan);
}
