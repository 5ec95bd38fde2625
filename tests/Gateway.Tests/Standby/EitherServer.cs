using System.Net;

namespace StatusMonitor.Gateway.Tests.Standby;

/// <summary>Sends what it is given to one of two servers, and to the other when that does not answer or is not the active one, as agents do. It never gives up by itself.</summary>
internal sealed class EitherServer() : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<(long At, TaskCompletionSource<long> Answered)> _awaited = [];
    private readonly Uri?[] _addresses = new Uri?[2];
    private int _turn;

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
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            // Not as fast as can be, but as many agents would.
            await pause.WaitForNextTickAsync(cancellationToken);
            var turn = Volatile.Read(ref _turn);
            if (await TryAsync(request, turn, cancellationToken) is { } response) return response;
            Interlocked.CompareExchange(ref _turn, turn + 1, turn);
        }
    }

    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, int turn, CancellationToken cancellationToken)
    {
        Uri? address;
        lock (_gate) address = _addresses[turn % 2];
        if (address is null) return null;
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
