using System.Collections.Immutable;

namespace StatusMonitor.Grains.Agents;

/// <summary>
/// Which host a token belongs to. The key is one of <see cref="TokenDirectory.Shards"/> numbers. The entry only finds the host:
/// whether the token is good is the host's own decision, at every report, so that taking one back works at once everywhere.
/// </summary>
[Alias("StatusMonitor.ITokenDirectoryGrain")]
public interface ITokenDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Enters a token. Entered before the host knows it: an entry whose host never heard of it opens nothing.</summary>
    [Alias("Add")]
    Task Add(TokenHash token, long hostId);

    /// <summary>Forgets tokens that their host no longer knows. Forgetting twice is no harm.</summary>
    [Alias("Remove")]
    Task Remove(ImmutableArray<TokenHash> tokens);

    /// <summary>The host of a token, or null.</summary>
    [Alias("Find"), ReadOnly]
    Task<long?> Find(TokenHash token);
}

/// <summary>Finds the part of the directory that holds a token.</summary>
public static class TokenDirectory
{
    /// <summary>Parts of the directory. Fixed for good: stored entries are found by it.</summary>
    public const int Shards = 64;

    /// <summary>The grain that knows a token.</summary>
    public static ITokenDirectoryGrain For(IGrainFactory grains, TokenHash token) => grains.GetGrain<ITokenDirectoryGrain>(token.Spread(Shards));

    /// <summary>Removes tokens wherever they are.</summary>
    public static Task ForgetAsync(IGrainFactory grains, ImmutableArray<TokenHash> tokens) =>
        Task.WhenAll(tokens.GroupBy(token => token.Spread(Shards)).Select(part => grains.GetGrain<ITokenDirectoryGrain>(part.Key).Remove([.. part])));
}

/// <inheritdoc cref="ITokenDirectoryGrain"/>
public sealed class TokenDirectoryGrain([PersistentState("tokens")] IPersistentState<TokenDirectoryState> state) : Grain, ITokenDirectoryGrain
{
    /// <inheritdoc/>
    public async Task Add(TokenHash token, long hostId)
    {
        state.State.Hosts[token] = hostId;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Not stored, so not true: the caller gives up, and a restart would not know it either.
            state.State.Hosts.Remove(token);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task Remove(ImmutableArray<TokenHash> tokens)
    {
        var removed = new List<KeyValuePair<TokenHash, long>>(tokens.Length);
        foreach (var token in tokens)
        {
            if (state.State.Hosts.Remove(token, out var hostId)) removed.Add(new(token, hostId));
        }

        if (removed.Count == 0) return;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            foreach (var (token, hostId) in removed) state.State.Hosts[token] = hostId;
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<long?> Find(TokenHash token) => Task.FromResult(state.State.Hosts.TryGetValue(token, out var hostId) ? hostId : (long?)null);
}

/// <summary>What a part of the directory stores.</summary>
[GenerateSerializer, Alias("StatusMonitor.TokenDirectoryState")]
public sealed class TokenDirectoryState
{
    /// <summary>Host id by token.</summary>
    [Id(0)]
    public Dictionary<TokenHash, long> Hosts { get; set; } = [];
}
