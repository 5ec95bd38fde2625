using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>What the database knows of the leader.</summary>
/// <param name="Epoch">Goes up with each that takes over.</param>
/// <param name="Leader">Its name; null if it has left in order, or there was none yet.</param>
/// <param name="Beat">Changes as long as it is alive.</param>
/// <param name="IsConnected">Whether it has its connection, which ends with its process.</param>
internal readonly record struct LeaderSeen(long Epoch, string? Leader, long Beat, bool IsConnected);

/// <summary>How the epoch changes hands, as statements on a connection.</summary>
internal static class Takeover
{
    private const string OfLock = "locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()) and objsubid = 1 and classid::bigint = $1 and objid::bigint = $2 and granted";

    /// <summary>What there is of a leader.</summary>
    public static async Task<LeaderSeen> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select epoch, leader, beat, exists (select 1 from pg_locks where {OfLock}) from statusmonitor.leadership", connection);
        command.Parameters.AddRange(Halves(AdvisoryLocks.Leader));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LeaderSeen(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3));
    }

    /// <summary>The name of a leader that is there now; null if there is none.</summary>
    public static string? Present(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"select leader from statusmonitor.leadership where exists (select 1 from pg_locks where {OfLock})", connection);
        command.Parameters.AddRange(Halves(AdvisoryLocks.Leader));
        return command.ExecuteScalar() as string;
    }

    /// <summary>
    /// Takes over from whoever leads with this epoch. What it is writing at the moment may end; what has not by then, because its process is frozen or cut off, is broken off.
    /// </summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="epoch">The epoch that was looked at. If it is another by now, somebody else was quicker.</param>
    /// <param name="name">Name of the new leader.</param>
    /// <param name="patience">How long what is being written may take.</param>
    /// <param name="cancellationToken">Leaves everything as it is.</param>
    /// <returns>The epoch to write with, or null if somebody else has taken over.</returns>
    public static async Task<long?> TryTakeAsync(NpgsqlConnection connection, long epoch, string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await RaiseAsync(connection, epoch, name, patience, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await EndHoldersAsync(connection, AdvisoryLocks.Fence, cancellationToken);
            }
        }
    }

    /// <summary>Shows on this connection, as long as it lasts, that the leader is there. False if an earlier leader's connection still shows that.</summary>
    public static async Task<bool> TryShowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({AdvisoryLocks.Leader})", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is true) return true;
        await EndHoldersAsync(connection, AdvisoryLocks.Leader, cancellationToken);
        return false;
    }

    /// <summary>Says that the leader is alive. False if it no longer leads.</summary>
    public static async Task<bool> TryBeatAsync(NpgsqlConnection connection, long epoch, CancellationToken cancellationToken) =>
        await connection.RunAsync("update statusmonitor.leadership set beat = beat + 1 where epoch = $1", [PostgresQuery.Value(epoch)], cancellationToken) == 1;

    /// <summary>Says that the leader has ended in order.</summary>
    public static Task LeaveAsync(NpgsqlConnection connection, long epoch, CancellationToken cancellationToken) =>
        connection.RunAsync("update statusmonitor.leadership set leader = null, beat = beat + 1 where epoch = $1", [PostgresQuery.Value(epoch)], cancellationToken);

    private static async Task<long?> RaiseAsync(NpgsqlConnection connection, long epoch, string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var fence = new NpgsqlCommand($"set local lock_timeout = {(long)patience.TotalMilliseconds}; set local synchronous_commit = on; select pg_advisory_xact_lock({AdvisoryLocks.Fence})", connection))
        {
            await fence.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var raise = new NpgsqlCommand("update statusmonitor.leadership set epoch = epoch + 1, leader = $2, beat = beat + 1 where epoch = $1 returning epoch", connection)
        {
            Parameters = { new() { Value = epoch }, new() { Value = name } },
        };
        var raised = await raise.ExecuteScalarAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (long?)raised;
    }

    /// <summary>Ends the connections that hold a lock, and with them what they were in the middle of.</summary>
    private static async Task EndHoldersAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_terminate_backend(pid) from pg_locks where {OfLock} and pid <> pg_backend_pid()", connection);
        command.Parameters.AddRange(Halves(key));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // As pg_locks shows a key.
    private static NpgsqlParameter[] Halves(long key) => [new() { Value = key >> 32 }, new() { Value = key & 0xFFFF_FFFF }];
}
