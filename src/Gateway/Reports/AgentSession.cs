using System.Collections.Concurrent;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Reports;

/// <summary>What the gateway remembers of an agent between its requests, so that a usual report needs no look-up and few allocations.</summary>
internal sealed class AgentSession(TokenHash token, IHostGrain host)
{
    public TokenHash Token { get; } = token;

    public IHostGrain Host { get; } = host;

    /// <summary>The series of the report before; the next most likely has the same.</summary>
    public ReportShape Shape { get; set; } = ReportShape.Empty;

    /// <summary>The boot id of the report before.</summary>
    public string BootId { get; set; } = "";

    /// <summary>When the last classic report came, on the monotonic clock; classic reports do not say their interval.</summary>
    public long? LastClassicReport { get; set; }
}

/// <summary>Finds the session of a token. Sessions are a cache: whether the token is still good is the host's decision at every report.</summary>
internal sealed class AgentSessions(IGrainFactory grains)
{
    /// <summary>Beyond this the cache starts anew; each agent's next request then costs one look-up.</summary>
    private const int MaxSessions = 200_000;

    private readonly ConcurrentDictionary<TokenHash, AgentSession> _sessions = new();

    /// <summary>The session of the token a request carries, or null if no host has it.</summary>
    public ValueTask<AgentSession?> FindAsync(HttpRequest request)
    {
        var header = request.Headers["X-Agent-Token"];
        if (header.Count != 1 || !TokenHash.TryHash(header[0], out var token)) return ValueTask.FromResult<AgentSession?>(null);
        return _sessions.TryGetValue(token, out var session) ? ValueTask.FromResult<AgentSession?>(session) : LookUpAsync(token);
    }

    public void Forget(AgentSession session) => _sessions.TryRemove(session.Token, out _);

    private async ValueTask<AgentSession?> LookUpAsync(TokenHash token)
    {
        if (await TokenDirectory.For(grains, token).Find(token) is not { } hostId) return null;
        if (_sessions.Count >= MaxSessions) _sessions.Clear();
        return _sessions.GetOrAdd(token, static (hash, host) => new AgentSession(hash, host), grains.GetGrain<IHostGrain>(hostId));
    }
}
