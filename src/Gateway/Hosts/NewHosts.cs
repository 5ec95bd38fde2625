using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>A host that was just made, with the token for its agent, which is shown only here.</summary>
internal sealed record NewHostView(long Id, string Name, string Token, DateTimeOffset TokenExpiresAt);

/// <summary>Makes hosts, for people and for machines that enrol.</summary>
internal sealed class NewHosts(IGrainFactory grains)
{
    /// <summary>
    /// Makes a host with its first token. A crash in between leaves a number unused, or a host that nobody was told of: never one that is half there. Null
    /// if its owner is no more.
    /// </summary>
    public async Task<NewHostView?> MakeAsync(NewHost terms)
    {
        var id = await grains.GetGrain<IHostNumbersGrain>(0).Next();
        var host = grains.GetGrain<IHostGrain>(id);
        await host.Register(terms);

        // Who is deleted leaves the hosts that are there by then to somebody; nobody would look for another.
        if (await grains.GetGrain<IAccountGrain>(terms.OwnerId).GetInfo() is not null && await host.IssueToken(replace: false) is { } token)
        {
            return new NewHostView(id, terms.Name, token.Token, token.ExpiresAt);
        }

        await host.Delete();
        return null;
    }
}
