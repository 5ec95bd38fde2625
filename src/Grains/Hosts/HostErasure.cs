using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// What is left to do for a host once it is marked deleted. Everything can be repeated, so that begun again at any point it comes to the same end;
/// the history is last, because nobody can see it any more.
/// </summary>
internal sealed class HostErasure(IGrainFactory grains, ISampleJournal journal, long hostId, ImmutableArray<TokenHash> tokens)
{
    private bool _isForgotten;

    /// <summary>Does the next part: the host's line and the directory's entries, then its samples a slice at a time. True once nothing is left.</summary>
    public async Task<bool> StepAsync()
    {
        if (!_isForgotten)
        {
            await FleetGrain.For(grains, hostId).Remove(hostId);
            await TokenDirectory.ForgetAsync(grains, tokens);
            _isForgotten = true;
        }

        return await journal.DeleteAsync(hostId);
    }
}
