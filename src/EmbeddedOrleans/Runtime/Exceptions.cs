using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A failure of the engine, or of something it was given.</summary>
    public class OrleansException : Exception
    {
        /// <summary>Without details.</summary>
        public OrleansException() : base("Unexpected error.")
        {
        }

        /// <summary>With a message.</summary>
        public OrleansException(string message) : base(message)
        {
        }

        /// <summary>With a message and its cause.</summary>
        public OrleansException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }

    /// <summary>A call that no activation took.</summary>
    public class OrleansMessageRejectionException(string message) : OrleansException(message);

    /// <summary>The silo has not started, or stops: it takes no calls.</summary>
    public sealed class SiloUnavailableException(string message) : OrleansMessageRejectionException(message);

    /// <summary>A call of an object whose reference has ended.</summary>
    public sealed class ClientNotAvailableException(string message) : OrleansException(message);

    /// <summary>The engine is set up in a way that cannot work.</summary>
    public sealed class OrleansConfigurationException(string message) : Exception(message);

    /// <summary>A reminder could not be registered or taken away.</summary>
    public sealed class ReminderException(string message) : OrleansException(message);
}

namespace Orleans.Storage
{
    /// <summary>
    /// Somebody else wrote the state since it was read. An activation that lets this escape is deactivated,
    /// so the next call sees what is stored.
    /// </summary>
    public class InconsistentStateException : OrleansException
    {
        /// <summary>Without details.</summary>
        public InconsistentStateException()
        {
        }

        /// <summary>With a message.</summary>
        public InconsistentStateException(string message) : base(message)
        {
        }

        /// <summary>With a message and its cause.</summary>
        public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!)
        {
        }

        /// <summary>With the tags that differ.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : this(errorMsg, storedEtag, currentEtag, null)
        {
        }

        /// <summary>With the tags that differ and the store's own error.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
            : base(errorMsg, storageException!)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>The tag in the store.</summary>
        public string? StoredEtag { get; }

        /// <summary>The tag the writer had.</summary>
        public string? CurrentEtag { get; }

        /// <summary>Whether the activation that made the write has yet to be deactivated; the callers it passes through must not be.</summary>
        internal bool IsSourceActivation { get; set; } = true;

        /// <inheritdoc/>
        public override string ToString()
            => $"{nameof(InconsistentStateException)}: {Message} Expected Etag={StoredEtag} Received Etag={CurrentEtag} {InnerException}";
    }

    /// <summary>A grain asks for a storage provider that nobody registered.</summary>
    public sealed class BadProviderConfigException(string message) : OrleansException(message);
}
