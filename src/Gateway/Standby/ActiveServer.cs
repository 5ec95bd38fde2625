using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Standby;

/// <summary>
/// Of servers that stand by for each other, what this one does: it waits until it is the active one, and only then starts the silo and everything else that works. It ends
/// when it is the active one no longer, because what it holds in memory is then old; whoever started it starts it again, as one that waits.
/// </summary>
internal sealed partial class ActiveServer(Leadership leadership, IServiceProvider services, ILogger<ActiveServer> logger) : IHostedService, IDisposable
{
    /// <summary>What the services that work are registered under, so that the host does not start them itself.</summary>
    public const string Work = "active";

    /// <summary>The exit code of a server that was the active one.</summary>
    private const int Replaced = 3;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IHostedService> _started = [];
    private Task _running = Task.CompletedTask;
    private volatile bool _isStarted;

    /// <summary>Whether requests are served here. It is asked at each of them: a process that was frozen must not answer before it finds out.</summary>
    public bool IsActive => _isStarted && leadership.IsCertain;

    /// <summary>Another server that is the active one, as far as is known.</summary>
    public string? Other => leadership.Leader == leadership.Name ? null : leadership.Leader;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running;
        _isStarted = false;
        for (var i = _started.Count - 1; i >= 0; i--)
        {
            try
            {
                await _started[i].StopAsync(cancellationToken);
            }
            catch (Exception exception)
            {
                // The others have to end all the same, the silo among them.
                Log.NotStopped(logger, exception, _started[i].GetType().Name);
            }
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await leadership.WaitAsync(_stopping.Token);
            foreach (var service in services.GetKeyedServices<IHostedService>(Work))
            {
                if (leadership.Lost.IsCompleted) break;
                _started.Add(service);
                await service.StartAsync(_stopping.Token);
            }

            _isStarted = true;
            Log.Serves(logger, leadership.Name);
            End($"This server, {leadership.Name}, is no longer the active one: {await leadership.Lost.WaitAsync(_stopping.Token)}. It ends; started again it stands by.", Replaced);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            End(Server.Reason(exception) ?? exception.ToString(), 1);
        }
    }

    /// <summary>At once: what it would still store is refused, and what it waits for may never come.</summary>
    private static void End(string reason, int exitCode)
    {
        Console.Error.WriteLine(reason);
        Environment.Exit(exitCode);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Name} serves requests.")]
        public static partial void Serves(ILogger logger, string name);

        [LoggerMessage(LogLevel.Warning, "{Service} did not end in order.")]
        public static partial void NotStopped(ILogger logger, Exception exception, string service);
    }
}
