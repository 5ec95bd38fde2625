using Orleans.Core;

namespace Orleans.Core
{
    /// <summary>One named piece of a grain's state, and its store.</summary>
    public interface IStorage
    {
        /// <summary>The tag of what was last read or written; null when nothing is stored.</summary>
        string? Etag { get; }

        /// <summary>Whether anything is stored.</summary>
        bool RecordExists { get; }

        /// <summary>Removes what is stored.</summary>
        Task ClearStateAsync();

        /// <summary>Stores the state, if nobody else has written since it was read.</summary>
        Task WriteStateAsync();

        /// <summary>Reads the stored state anew.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ClearStateAsync()"/>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <inheritdoc cref="ReadStateAsync()"/>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <inheritdoc/>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory; a new one when nothing is stored.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A grain's state, read before the grain is activated.</summary>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Says which state a constructor parameter of type <see cref="IPersistentState{TState}"/> is.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute
    {
        /// <summary>A state of that name in that provider, or in the default one.</summary>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentNullException.ThrowIfNull(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <summary>The name in the store.</summary>
        public string StateName { get; }

        /// <summary>The provider's name; null is the default one.</summary>
        public string? StorageName { get; }
    }
}
