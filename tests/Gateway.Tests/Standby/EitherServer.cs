using System.Net;

namespace StatusMonitor.Gateway.Tests.Standby;

/// <summary>Sends what it is given to one of several servers, and to the next when that does not answer or cannot take it, as agents do. It never gives up by itself.</summary>
/// <param name="servers">How many there are.</param>
/// <param name="pause">Before each try.</param>
internal sealed class EitherServer(int servers, TimeSpan pause) : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<(long At, TaskCompletionSource<long> Answered)> _awaited = [];
    private readonly Uri?[] _addresses = new Uri?[servers];
    private int _turn;
    private int _tries;
    private int _refused;
    private int _refusedForGood;

    /// <summary>Requests that were sent, each time that one was.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>Answers of 503.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Those that did not say when to come again.</summary>
    public int RefusedForGood => Volatile.Read(ref _refusedForGood);

    /// <summary>Where a server listens now.</summary>
    public void Set(int server, Uri address)
    {
        lock (_gate) _addresses[server] = address;
    }

    /// <summary>The time at which the first of the requests is answered that begins now or later.</summary>
    public Task<long> NextAnswer()
    {
        var answered = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _awaited.Add((TimeProvider.System.GetTimestamp(), answered));
        return answered.Task;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(pause);
        while (true)
        {
            // Not as fast as can be, but as many agents would.
            await timer.WaitForNextTickAsync(cancellationToken);
            var turn = Volatile.Read(ref _turn);
            if (await TryAsync(request, turn, cancellationToken) is { } response) return response;
            Interlocked.CompareExchange(ref _turn, turn + 1, turn);
        }
    }

    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, int turn, CancellationToken cancellationToken)
    {
        Uri? address;
        lock (_gate) address = _addresses[turn % servers];
        if (address is null) return null;
        Interlocked.Increment(ref _tries);
        request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, patience.Token);
            await response.Content.LoadIntoBufferAsync(patience.Token);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Answered(began);
                return response;
            }

            Interlocked.Increment(ref _refused);
            if (response.Headers.RetryAfter is null) Interlocked.Increment(ref _refusedForGood);
            response.Dispose();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It is gone, or frozen, or on its way up.
        }

        return null;
    }

    private void Answered(long began)
    {
        lock (_gate)
        {
            foreach (var (_, answered) in _awaited.Where(awaited => awaited.At <= began)) answered.TrySetResult(TimeProvider.System.GetTimestamp());
            _awaited.RemoveAll(awaited => awaited.At <= began);
        }
    }
}
