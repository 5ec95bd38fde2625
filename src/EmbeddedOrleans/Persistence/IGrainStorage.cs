using Orleans.Runtime;

namespace Orleans.Storage
{
    /// <summary>Keeps the states of grains, with tags so that nobody overwrites what they have not seen.</summary>
    public interface IGrainStorage
    {
        /// <summary>Fills in what is stored; if nothing is, a null tag and a new state.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Stores the state and fills in the new tag; throws <see cref="InconsistentStateException"/> if the stored tag is another.</summary>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Removes the state; throws <see cref="InconsistentStateException"/> if the stored tag is another.</summary>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
            => ClearStateAsync(stateName, grainId, grainState);
    }
}

namespace Orleans
{
    /// <summary>A state as it travels between grain and store.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The value.</summary>
        T? State { get; set; }

        /// <summary>The tag of the stored value.</summary>
        string? ETag { get; set; }

        /// <summary>Whether a value is stored.</summary>
        bool RecordExists { get; set; }
    }

    /// <inheritdoc/>
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>Without a value.</summary>
        public GrainState()
        {
        }

        /// <summary>With a value.</summary>
        public GrainState(T? state) : this(state, null)
        {
        }

        /// <summary>With a value and its tag.</summary>
        public GrainState(T? state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc/>
        public T? State { get; set; }

        /// <inheritdoc/>
        public string? ETag { get; set; }

        /// <inheritdoc/>
        public bool RecordExists { get; set; }
    }
}
