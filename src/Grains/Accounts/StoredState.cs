using Orleans.Storage;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// A grain's state whose changes count only once they are stored: calls that interleave with a write see what was before it, and after a write
/// that failed so does everybody. A state is never changed in place, but replaced by another.
/// </summary>
internal sealed class StoredState<TState>(IPersistentState<TState> state) where TState : class
{
    private TState? _stored;

    /// <summary>What is stored.</summary>
    public TState Value => _stored ??= state.State;

    /// <summary>Stores another state in its place.</summary>
    /// <exception cref="StorageFailedException">It could not be written; what was before holds.</exception>
    /// <exception cref="StorageBusyException">Too much waits to be written; what was before holds.</exception>
    public async Task Store(TState next)
    {
        var before = Value;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception exception)
        {
            state.State = before;

            // Whatever else a store throws comes wrapped. That somebody else has written must reach the engine as it is, to end this activation.
            if (exception is not OrleansException or StorageFailedException or StorageBusyException or InconsistentStateException) throw;
            throw new StorageFailedException(exception.Message, exception);
        }

        _stored = next;
    }
}
