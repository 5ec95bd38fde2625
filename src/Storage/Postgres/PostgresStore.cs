using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// The PostgreSQL database that holds grain state, reminders, samples, history, incidents and the audit log, for one server or several. Everything is in the
/// schema <c>statusmonitor</c>. A connection that breaks is replaced at its next use.
/// </summary>
public sealed partial class PostgresStore : IStoreState, IAsyncDisposable, IDisposable
{
    private const int ReadBufferBytes = 32 * 1024;

    private readonly ILogger<PostgresStore> _logger;
    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _readers;
    private volatile string? _failure;

    /// <summary>Connects, and brings the database to our schema.</summary>
    /// <exception cref="StorageFailedException">The connection string is wrong, the database cannot be reached, holds a newer schema, or is empty beside a database of SQLite.</exception>
    public PostgresStore(IOptions<PostgresOptions> options, TimeProvider time, ILogger<PostgresStore> logger)
    {
        Options = options.Value;
        Time = time;
        _logger = logger;
        _readers = new SemaphoreSlim(Options.MaxReaders);
        _source = Connect(Options);
        Partitions = new JournalPartitions(this, logger);
    }

    /// <inheritdoc/>
    public string? Failure => _failure;

    /// <inheritdoc/>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (Exception exception) when (IsOfDatabase(exception))
        {
            return exception.Message;
        }
    }

    internal PostgresOptions Options { get; }

    internal TimeProvider Time { get; }

    internal JournalPartitions Partitions { get; }

    /// <summary>A connection of the pool.</summary>
    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default) => _source.OpenConnectionAsync(cancellationToken);

    /// <inheritdoc cref="OpenAsync"/>
    internal NpgsqlConnection Open() => _source.OpenConnection();

    /// <summary>Runs a query, beside a few others at most.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    internal async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await query(connection);
        }
        catch (Exception exception) when (IsOfDatabase(exception) || exception is InvalidDataException)
        {
            throw new StorageFailedException($"The database could not be read: {exception.Message}", exception);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Runs something in a transaction of its own, apart from the groups.</summary>
    /// <exception cref="StorageFailedException">The database failed; nothing of it was written.</exception>
    internal async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await BeginWriteAsync(connection, cancellationToken);
            var result = await write(connection);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception exception) when (IsOfDatabase(exception))
        {
            throw NotWritten(exception);
        }
    }

    /// <summary>
    /// Begins a transaction that writes; nothing but migrations begins one in another way. If this server leads, and as long as the transaction lasts, nobody else takes over.
    /// </summary>
    /// <exception cref="PostgresException">Another server has taken over (<see cref="IsFencedOff"/>).</exception>
    internal async Task<NpgsqlTransaction> BeginWriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (Options.Epoch is not { } epoch) return transaction;
        try
        {
            await using var fence = new NpgsqlCommand("select statusmonitor.fence($1)", connection) { Parameters = { new() { Value = epoch } } };
            await fence.ExecuteNonQueryAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Notes how the last group of writes went.</summary>
    internal void Note(Exception? problem, int writes)
    {
        if (problem is null && _failure is not null) Log.Recovered(_logger);
        if (problem is not null && _failure is null) Log.Failed(_logger, problem, writes);
        _failure = problem?.Message;
    }

    /// <summary>What whoever wrote is told. A full disk has a name of its own: it is nobody's fault but the disk's, and over once there is room.</summary>
    /// <param name="problem">What came of the write.</param>
    /// <param name="isTold">Whether it is in the log already; then it is no cause of the exception, which says that there is something to look into.</param>
    internal static StorageFailedException NotWritten(Exception problem, bool isTold = false)
    {
        if (IsFencedOff(problem)) return new FencedOffException();
        var isFull = problem is PostgresException { SqlState: PostgresErrorCodes.DiskFull };
        var text = isFull ? $"The disk of the database is full: {problem.Message}" : $"The database could not be written: {problem.Message}";
        return (isFull, isTold) switch
        {
            (true, true) => new StorageFullException(text),
            (true, false) => new StorageFullException(text, problem),
            (false, true) => new StorageFailedException(text),
            _ => new StorageFailedException(text, problem),
        };
    }

    /// <summary>Whether it is the database, or the way there, that failed.</summary>
    internal static bool IsOfDatabase(Exception exception) => exception is NpgsqlException or IOException or TimeoutException;

    /// <summary>Whether a transaction was refused because another server has taken over.</summary>
    private static bool IsFencedOff(Exception exception) => exception is PostgresException { SqlState: "SM001" };

    public void Dispose()
    {
        _source.Dispose();
        _readers.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _readers.Dispose();
    }

    private static NpgsqlDataSource Connect(PostgresOptions options)
    {
        var settings = Parse(options.ConnectionString);
        var source = NpgsqlDataSource.Create(settings);
        try
        {
            using var connection = source.OpenConnection();
            PostgresMigrations.Apply(connection);
            if (!options.IsBeingFilled) RefuseHalf(connection);
            RefuseToBeginAnew(connection, options);
            RefuseBesideALeader(connection, options);
            using var command = new NpgsqlCommand("show synchronous_commit", connection);
            if (command.ExecuteScalar() is not "off") return source;
        }
        catch (Exception exception) when (IsOfDatabase(exception) || exception is System.Net.Sockets.SocketException or ArgumentException)
        {
            source.Dispose();
            throw new StorageFailedException($"The database '{settings.Database ?? settings.Username}' on '{settings.Host}' cannot be used: {exception.Message}", exception);
        }
        catch (StorageFailedException)
        {
            source.Dispose();
            throw;
        }

        // What is acknowledged must be on disk, whatever the server's default is.
        source.Dispose();
        settings.Options = $"{settings.Options} -c synchronous_commit=on".TrimStart();
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Whoever adds a database to a server that they have would find it without accounts and hosts, and agents refused.</summary>
    private static void RefuseToBeginAnew(NpgsqlConnection connection, PostgresOptions options)
    {
        if (options.DataFolder is not { } folder || !File.Exists(new SqliteOptions { Folder = folder }.DatabasePath)) return;
        using var command = new NpgsqlCommand("select exists (select 1 from statusmonitor.grain_state)", connection);
        if (command.ExecuteScalar() is true) return;
        throw new StorageFailedException(
            $"The data folder '{Path.GetFullPath(folder)}' has a SQLite database with accounts and hosts, and the database '{connection.Database}' on '{connection.Host}' has none: "
            + "this would be a new server. Move them there first (statusmonitor-server migrate --data FOLDER --database CONNECTION, or ./start.sh migrate), give it another folder (--data), or start it without --database.");
    }

    /// <summary>A server on what is half there would find hosts without their past, and write what the rest of the move then meets.</summary>
    private static void RefuseHalf(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("select source from statusmonitor.migrated_from where completed_at is null", connection);
        if (command.ExecuteScalar() is not string source) return;
        throw new StorageFailedException(
            $"The database '{connection.Database}' on '{connection.Host}' has only a part of what is moved to it from the data folder '{source}'. Run 'migrate' for that folder again, which goes on where it was; then start the server.");
    }

    /// <summary>One that has no epoch is held back by nothing; both would write.</summary>
    private static void RefuseBesideALeader(NpgsqlConnection connection, PostgresOptions options)
    {
        if (options.Epoch is null && Takeover.Present(connection) is { } leader)
        {
            throw new StorageFailedException($"The database '{connection.Database}' on '{connection.Host}' has an active server, {leader}, that others stand by for. Start this one with --standby true too, or give it another database.");
        }
    }

    /// <summary>What people call the database that a connection string leads to.</summary>
    internal static string NameOf(string connectionString)
    {
        var settings = Parse(connectionString);
        return $"{settings.Database ?? settings.Username} on {settings.Host}";
    }

    internal static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                // No session of ours leaves anything behind.
                NoResetOnClose = true,
            };
            if (string.IsNullOrEmpty(settings.Host)) throw new ArgumentException("No host.");
            settings.ApplicationName ??= "StatusMonitor";
            if (settings.MaxAutoPrepare == 0) settings.MaxAutoPrepare = 40;
            // A day of a host's rollups is some 40 KB, and each time the buffer is filled costs as much as most of what is done with it.
            if (settings.ReadBufferSize < ReadBufferBytes) settings.ReadBufferSize = ReadBufferBytes;
            return settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            // Not with what Npgsql says: that may be a part of the password.
            throw new StorageFailedException("The database's connection string is not understood. Write it as 'Host=...;Username=...;Database=...', and quote a password that has a semicolon in it.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database cannot be written; {Count} writes were refused. Reports are not acknowledged until it can.")]
        public static partial void Failed(ILogger logger, Exception exception, int count);

        [LoggerMessage(LogLevel.Information, "The database can be written again.")]
        public static partial void Recovered(ILogger logger);
    }
}
