namespace StatusMonitor.Agent.Connection;

/// <summary>
/// The addresses of the server, of which one is used at a time: the first that works, for as long as it works. What one of them cannot take another is offered at once; only when all
/// were tried somebody has to wait.
/// </summary>
internal sealed class ReportClients : IDisposable
{
    // With others to go to, an address that swallows everything is given up sooner than a slow one is alone.
    private static readonly TimeSpan ConnectTimeoutOfSeveral = TimeSpan.FromSeconds(3);

    private readonly ReportClient[] _clients;
    private int _current;
    private int _triedInVain;

    /// <param name="servers">The addresses in the order they are tried; at least one.</param>
    /// <param name="token">The agent's token.</param>
    /// <param name="time">For the timeouts and for <c>Retry-After</c> dates.</param>
    public ReportClients(IReadOnlyList<Uri> servers, string token, TimeProvider time)
    {
        var connectTimeout = servers.Count > 1 ? ConnectTimeoutOfSeveral : ServerConnection.Timeout;
        _clients = [.. servers.Select(server => new ReportClient(server, token, time, connectTimeout))];
    }

    /// <summary>The one to send to.</summary>
    public ReportClient Current => _clients[_current];

    /// <summary>The current one took what it was sent.</summary>
    public void Stay() => _triedInVain = 0;

    /// <summary>Goes on to the next after the current one failed. False if one has to wait first: all were tried, or it asks for that.</summary>
    public bool MoveOn(Delivery delivery)
    {
        // Another token, or a person, is what helps there; the other addresses know no other tokens.
        if (delivery.Result is DeliveryResult.TokenRefused) return false;

        _current = (_current + 1) % _clients.Length;
        if (delivery.IsOfThisServer && ++_triedInVain < _clients.Length) return true;
        _triedInVain = 0;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }
}
