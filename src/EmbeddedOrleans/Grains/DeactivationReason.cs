namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>A reason without an error.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text)
    {
    }

    /// <summary>A reason with the error behind it.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The reason in words.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The error behind it, if there is one.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Exception is null
        ? $"{ReasonCode}: {Description}"
        : $"{ReasonCode}: {Description}. Exception: {Exception}";
}

/// <summary>The kinds of reason for which an activation ends, with Orleans' names and order.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>It does not end.</summary>
    None,

    /// <summary>The process stops.</summary>
    ShuttingDown,

    /// <summary>It could not be activated.</summary>
    ActivationFailed,

    /// <summary>Only in a cluster.</summary>
    DirectoryFailure,

    /// <summary>Nobody used it for the collection age.</summary>
    ActivationIdle,

    /// <summary>Only in a cluster.</summary>
    ActivationUnresponsive,

    /// <summary>Only in a cluster.</summary>
    DuplicateActivation,

    /// <summary>Only in a cluster.</summary>
    IncompatibleRequest,

    /// <summary>A call failed in a way after which its state cannot be trusted.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>Only in a cluster.</summary>
    Migrating,

    /// <summary>The silo asked for it.</summary>
    RuntimeRequested,

    /// <summary>Only in Orleans.</summary>
    HighMemoryPressure,
}
