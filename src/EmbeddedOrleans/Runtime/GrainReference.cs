namespace Orleans.Runtime;

/// <summary>A reference to a grain; the interface it has is emitted by <see cref="GrainProxy"/>.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private Activation? _activation;

    private protected GrainReference(Silo silo, GrainId grainId)
    {
        Silo = silo;
        GrainId = grainId;
    }

    /// <summary>The identity of the grain.</summary>
    public GrainId GrainId { get; }

    internal Silo Silo { get; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"GrainReference:{GrainId}";

    /// <summary>Sends a call. The emitted methods end here.</summary>
    internal Task<TResult> Send<TResult>(GrainCall<TResult> call)
    {
        var reply = call.Open(Silo.Now);
        try
        {
            // The last activation is remembered: while it lives, the catalog need not be asked.
            if (!Silo.IsOpen || _activation is null || !_activation.Enqueue(call)) _activation = Silo.Dispatch(call, GrainId);
        }
        catch (ClientNotAvailableException) when (call.Method.IsOneWay)
        {
            return reply;
        }
        catch (Exception exception)
        {
            // A call that cannot be sent fails as its task, as one that could.
            return Task.FromException<TResult>(exception);
        }

        return reply;
    }
}
