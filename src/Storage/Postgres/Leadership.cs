using Microsoft.Extensions.Logging;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// Which of several servers on one database is the active one. Whoever leads says so again and again; who waits takes over when the leader has left, has lost its
/// connection, or says nothing for a while. That alone would not be safe, as a leader that was only frozen goes on some day: each takeover raises the epoch, which
/// everything that is written has to have (<see cref="PostgresOptions.Epoch"/>).
/// </summary>
/// <remarks>On a connection of its own, with short timeouts: what the pool is busy with is no reason to be taken for dead. All times are of monotonic clocks.</remarks>
public sealed partial class Leadership : IAsyncDisposable
{
    private readonly LeadershipOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Leadership> _logger;
    private readonly string _connectionString;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private NpgsqlConnection? _connection;
    private bool _isShown;
    private Task _beating = Task.CompletedTask;
    private long _epoch;
    private long _beatAt;
    private volatile string? _leader;

    /// <summary>Neither waits nor leads yet.</summary>
    /// <param name="connectionString">The database, as in <see cref="PostgresOptions"/>, whose <see cref="PostgresOptions.Epoch"/> follows from this.</param>
    /// <param name="options">How long everything takes.</param>
    /// <param name="time">Measures that.</param>
    /// <param name="logger">Is told who leads.</param>
    /// <exception cref="StorageFailedException">The connection string is not understood.</exception>
    public Leadership(string connectionString, LeadershipOptions options, TimeProvider time, ILogger<Leadership> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        var settings = PostgresStore.Parse(connectionString);
        settings.Pooling = false;
        (settings.Timeout, settings.CommandTimeout) = (1, 1);
        // A database that is cut off does not answer that either.
        settings.CancellationTimeout = -1;
        // A beat need not outlive the database.
        settings.Options = $"{settings.Options} -c synchronous_commit=off".TrimStart();
        _connectionString = settings.ConnectionString;
    }

    /// <summary>Name of this server.</summary>
    public string Name => _options.Name;

    /// <summary>Who leads, as far as is known: null while the database is away, or nobody does.</summary>
    public string? Leader => _leader;

    /// <summary>What this server writes with, once it leads.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether this server leads, and nobody can have taken over.</summary>
    public bool IsCertain => Epoch != 0 && !_lost.Task.IsCompleted && _time.GetElapsedTime(Volatile.Read(ref _beatAt)) < _options.Lease;

    /// <summary>Ends when this server leads no longer, with the reason.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Waits until this server leads.</summary>
    /// <exception cref="StorageFailedException">The database cannot hold our schema.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var patience = new LeaderWatch(_options, _time);
        for (var isAway = false; ;)
        {
            try
            {
                var connection = await ConnectAsync(cancellationToken);
                var asked = _time.GetTimestamp();
                var seen = await Takeover.LookAsync(connection, cancellationToken);
                if (seen.Leader is { } leader && (leader != _leader || isAway)) Log.StandingBy(_logger, leader);
                (_leader, isAway) = (seen.Leader, false);
                if (patience.IsOver(seen) && await Takeover.TryTakeAsync(connection, seen.Epoch, Name, _options.Patience, cancellationToken) is { } epoch)
                {
                    Lead(epoch, asked, seen.Leader);
                    return;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not StorageFailedException)
            {
                if (!isAway) Log.Away(_logger, exception.Message);
                (_leader, isAway) = (null, true);
                patience.Forget();
                await DisconnectAsync();
            }

            await Task.Delay(_options.LookInterval, _time, cancellationToken);
        }
    }

    /// <summary>Lets another have it, if this server leads; comes after the last write.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        await _beating;
        try
        {
            if (Epoch != 0 && !_lost.Task.IsCompleted && _connection is { State: System.Data.ConnectionState.Open }) await Takeover.LeaveAsync(_connection, Epoch, CancellationToken.None);
        }
        catch (Exception exception) when (PostgresStore.IsOfDatabase(exception))
        {
            // Then others find out by themselves.
        }

        await DisconnectAsync();
        _end.Dispose();
    }

    private void Lead(long epoch, long asked, string? before)
    {
        if (before is null) Log.Leads(_logger, Name, epoch);
        else Log.TookOver(_logger, Name, epoch, before);
        _leader = Name;
        Volatile.Write(ref _beatAt, asked);
        Volatile.Write(ref _epoch, epoch);
        _beating = Task.Run(BeatAsync);
    }

    private async Task BeatAsync()
    {
        for (var failures = 0; !_end.IsCancellationRequested;)
        {
            // From when it was asked, not answered: whoever waits may have seen it as early as that.
            var asked = _time.GetTimestamp();
            try
            {
                var connection = await ConnectAsync(CancellationToken.None);
                if (!await Takeover.TryBeatAsync(connection, Epoch, CancellationToken.None))
                {
                    _lost.TrySetResult($"{(await Takeover.LookAsync(connection, CancellationToken.None)).Leader ?? "Another server"} has taken over");
                    return;
                }

                Volatile.Write(ref _beatAt, asked);
                failures = 0;
                if (!_isShown) _isShown = await Takeover.TryShowAsync(connection, CancellationToken.None);
                await Task.Delay(_options.BeatInterval, _time, _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await DisconnectAsync();

                // What failed may have begun before this process was frozen; so it is tried again at once, and may find that nobody minded.
                if (++failures > 1 && !IsCertain)
                {
                    _lost.TrySetResult($"the database has not answered for {_options.Lease.TotalSeconds} s: {exception.Message}");
                    return;
                }

                if (failures > 1) await Task.Delay(_options.LookInterval, _time, CancellationToken.None);
            }
        }
    }

    /// <summary>The connection there is, or a new one.</summary>
    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: System.Data.ConnectionState.Open } open) return open;
        await DisconnectAsync();
        var connection = new NpgsqlConnection(_connectionString);
        _connection = connection;
        await connection.OpenAsync(cancellationToken);
        await using var isThere = new NpgsqlCommand("select to_regclass('statusmonitor.leadership') is not null", connection);
        // A later schema waits until this server leads, because the one that does may be of an earlier version.
        if (await isThere.ExecuteScalarAsync(cancellationToken) is not true) PostgresMigrations.Apply(connection);
        return connection;
    }

    private async Task DisconnectAsync()
    {
        _isShown = false;
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Standing by: {Leader} is the active server.")]
        public static partial void StandingBy(ILogger logger, string leader);

        [LoggerMessage(LogLevel.Warning, "The database cannot be reached, so nobody knows which server is the active one: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "This server, {Name}, is the active one now (epoch {Epoch}).")]
        public static partial void Leads(ILogger logger, string name, long epoch);

        [LoggerMessage(LogLevel.Warning, "This server, {Name}, is the active one now (epoch {Epoch}): {Before} is gone or does not answer.")]
        public static partial void TookOver(ILogger logger, string name, long epoch, string before);
    }
}
