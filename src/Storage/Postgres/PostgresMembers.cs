using Npgsql;
using NpgsqlTypes;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// Where the processes of a server say how they are, and read it of each other. One that says nothing for an hour is forgotten. Nothing depends on it but what people are shown; so it passes no fence,
/// because whoever stands by says so too, and commits do not wait for the disk.
/// </summary>
/// <remarks>On connections of its own with short timeouts: it works before this server leads, and how long an answer takes tells how the database is, not how busy the pool.</remarks>
public sealed class PostgresMembers : IAsyncDisposable, IDisposable
{
    /// <summary>More than anybody looks at. Those heard last are given.</summary>
    private const int MaxMembers = 200;

    // The table may hold names of others whose address changed with every start.
    private const string Forgotten = "interval '1 hour'";

    private readonly string _cluster;
    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">The database, as in <see cref="PostgresOptions"/>. It has our schema once a server has started on it.</param>
    /// <param name="cluster">Name of the cluster; members of others are not shown.</param>
    /// <exception cref="StorageFailedException">The connection string is not understood.</exception>
    public PostgresMembers(string connectionString, string cluster)
    {
        _cluster = cluster;
        var settings = PostgresStore.Parse(connectionString);
        (settings.MaxPoolSize, settings.Timeout, settings.CommandTimeout, settings.CancellationTimeout) = (2, 2, 2, -1);
        settings.Options = $"{settings.Options} -c synchronous_commit=off".TrimStart();
        _source = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Says how this process is.</summary>
    /// <exception cref="StorageFailedException">The database cannot be reached or has no such table yet.</exception>
    public Task BeatAsync(string name, string address, DateTimeOffset startedAt, string facts, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = _source.CreateCommand(
                $"""
                with forgotten as (
                    delete from statusmonitor.members
                    where beat_at < clock_timestamp() - {Forgotten} and (cluster, name, address) <> ($1, $2, $3))
                insert into statusmonitor.members (cluster, name, address, started_at, beat_at, facts) values ($1, $2, $3, $4, clock_timestamp(), $5)
                on conflict (cluster, name, address) do update set started_at = excluded.started_at, beat_at = excluded.beat_at, facts = excluded.facts
                """);
            command.Parameters.AddWithValue(_cluster);
            command.Parameters.AddWithValue(name);
            command.Parameters.AddWithValue(address);
            command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, startedAt.UtcDateTime);
            command.Parameters.AddWithValue(facts);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });

    /// <summary>All that were heard within the last hour, by name.</summary>
    /// <exception cref="StorageFailedException">The database cannot be reached or has no such table yet.</exception>
    public Task<IReadOnlyList<MemberRow>> ReadAsync(CancellationToken cancellationToken) => RunAsync<IReadOnlyList<MemberRow>>(
        async () =>
        {
            await using var command = _source.CreateCommand(
                $"""
                select name, address, started_at, extract(epoch from clock_timestamp() - beat_at)::double precision, facts from statusmonitor.members
                where cluster = $1 and beat_at >= clock_timestamp() - {Forgotten} order by beat_at desc limit {MaxMembers}
                """);
            command.Parameters.AddWithValue(_cluster);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<MemberRow>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new MemberRow(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), TimeSpan.FromSeconds(Math.Max(0, reader.GetDouble(3))), reader.GetString(4)));
            }

            return [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Address, StringComparer.Ordinal)];
        });

    /// <summary>This process ends in order, and is not missed.</summary>
    /// <exception cref="StorageFailedException">The database cannot be reached; others will find it silent.</exception>
    public Task LeaveAsync(string name, string address, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = _source.CreateCommand("delete from statusmonitor.members where cluster = $1 and name = $2 and address = $3");
            command.Parameters.AddWithValue(_cluster);
            command.Parameters.AddWithValue(name);
            command.Parameters.AddWithValue(address);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });

    public void Dispose() => _source.Dispose();

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (PostgresStore.IsOfDatabase(exception) || exception is System.Net.Sockets.SocketException)
        {
            throw new StorageFailedException($"The database cannot be reached: {exception.Message}", exception);
        }
    }
}
