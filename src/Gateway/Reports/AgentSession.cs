using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
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

    /// <summary>Tokens known by their text on one connection; beyond it they are forgotten.</summary>
    private const int MaxOnConnection = 128;

    private static readonly object OnConnection = new();

    private readonly ConcurrentDictionary<TokenHash, AgentSession> _sessions = new();

    /// <summary>The session of the token a request carries, or null if no host has it.</summary>
    public async ValueTask<AgentSession?> FindAsync(HttpContext context)
    {
        var header = context.Request.Headers["X-Agent-Token"];
        if (header is not [{ } text]) return null;

        // An agent keeps its connection, or shares those of a proxy with others, and its token need not be hashed each time.
        var connection = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        var known = connection.TryGetValue(OnConnection, out var tokens) ? (Dictionary<string, AgentSession>)tokens! : null;
        if (known is not null && known.TryGetValue(text, out var session)) return session;

        if (!TokenHash.TryHash(text, out var token)) return null;
        session = _sessions.TryGetValue(token, out var cached) ? cached : await LookUpAsync(token);
        if (session is null) return null;

        if (known is null) connection[OnConnection] = known = new Dictionary<string, AgentSession>(1, StringComparer.Ordinal);
        else if (known.Count >= MaxOnConnection) known.Clear();
        known[text] = session;
        return session;
    }

    public void Forget(AgentSession session) => _sessions.TryRemove(session.Token, out _);

    private async ValueTask<AgentSession?> LookUpAsync(TokenHash token)
    {
        if (await TokenDirectory.For(grains, token).Find(token) is not { } hostId) return null;
        if (_sessions.Count >= MaxSessions) _sessions.Clear();
        return _sessions.GetOrAdd(token, static (hash, host) => new AgentSession(hash, host), grains.GetGrain<IHostGrain>(hostId));
    }
}
