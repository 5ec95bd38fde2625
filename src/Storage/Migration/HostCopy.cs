using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>Moves what a host has once: the names of its series, from when to when they have values, and how it was last heard.</summary>
internal sealed class HostCopy(SqliteSource source, SourceHours hours, MigrationTarget target)
{
    public const string Step = "catalogue";

    /// <summary>Hosts in one transaction.</summary>
    private const int BatchHosts = 500;

    /// <summary>How many hosts there are.</summary>
    public long Count() => Hosts(long.MinValue).LongCount();

    /// <summary>Moves them.</summary>
    /// <param name="report">Is told how many hosts are there, after each transaction.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>How many series this run has brought.</returns>
    public async Task<long> RunAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var (last, done, isDone) = await target.ProgressAsync(Step, cancellationToken);
        report(done);
        if (isDone) return 0;
        using var connection = source.Open();
        var logged = hours.Logged.ToLookup(piece => piece.HostId);
        var moved = 0L;
        foreach (var batch in Hosts(last is null ? long.MinValue : long.Parse(last, CultureInfo.InvariantCulture)).Chunk(BatchHosts).Append([]))
        {
            var hosts = batch.Select(host => Read(connection, host, [.. logged[host]])).ToList();
            var lastHost = batch is [.., var newest] ? newest.ToString(CultureInfo.InvariantCulture) : last;
            await target.AddAsync(Step, last, lastHost, batch.Length, batch.Length == 0, connection => WriteAsync(connection, hosts, cancellationToken), cancellationToken);
            last = lastHost;
            done += batch.Length;
            moved += hosts.Sum(host => (long)host.Series.Count);
            report(done);
        }

        return moved;
    }

    private IEnumerable<long> Hosts(long after) =>
        source.Rows("select host_id from series union select host_id from chunks", row => row.GetInt64(0)).Union(hours.Logged.Select(piece => piece.HostId)).Where(host => host > after || after == long.MinValue).Order();

    private static Host Read(SqliteConnection connection, long hostId, List<ChunkPiece> logged)
    {
        var times = new HostTimes();
        var series = connection.Rows(
            "select series_id, name, first_at, last_at from series where host_id = $host order by series_id",
            [("$host", hostId)],
            row =>
            {
                if (!row.IsDBNull(2)) times.Add(row.GetInt32(0), new SeriesSpan(row.GetInt64(2), row.GetInt64(3)));
                return new SeriesEntry(row.GetInt32(0), row.GetString(1));
            });

        // Those of the catalogue are of compacted hours alone.
        var pieces = connection.Rows("select samples from chunks indexed by chunks_place where host_id = $host and part > 0", [("$host", hostId)], row => row.GetFieldValue<byte[]>(0)).Concat(logged.Select(piece => piece.Samples));
        foreach (var piece in pieces)
        {
            try
            {
                times.Add(ChunkCodec.Decode(piece));
            }
            catch (InvalidDataException)
            {
                // Counted where its hour is moved.
            }
        }

        var newest = connection.Rows(
            """
            select to_at, last_received, last_seq, last_interval from chunks
            where host_id = $host and hour = (select max(hour) from chunks where host_id = $host) order by to_at desc, part limit 1
            """,
            [("$host", hostId)],
            row => new JournalRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), []));
        foreach (var row in newest.Concat(logged.Select(piece => piece.Newest))) times.Add([row]);
        return new Host(hostId, series, times);
    }

    private static async Task WriteAsync(NpgsqlConnection connection, List<Host> hosts, CancellationToken cancellationToken)
    {
        await using (var copy = await connection.BeginBinaryImportAsync("copy statusmonitor.catalogue (host_id, first_id, names) from stdin (format binary)", cancellationToken))
        {
            foreach (var (host, run) in hosts.SelectMany(host => Catalogue.Runs(host.Series), (host, run) => (host.HostId, run)))
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(host, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(run[0].Id, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(run.Select(series => series.Name).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var times = await connection.BeginBinaryImportAsync("copy statusmonitor.host_times (host_id, newest_at, newest_received, newest_seq, newest_interval, series) from stdin (format binary)", cancellationToken);
        foreach (var host in hosts)
        {
            if (host.Times.Newest is not { } newest) continue;
            await times.StartRowAsync(cancellationToken);
            await times.WriteAsync(host.HostId, NpgsqlDbType.Bigint, cancellationToken);
            await times.WriteAsync(newest.At, NpgsqlDbType.Bigint, cancellationToken);
            await times.WriteAsync(newest.Received, NpgsqlDbType.Bigint, cancellationToken);
            await times.WriteAsync(newest.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await times.WriteAsync(newest.IntervalMilliseconds, NpgsqlDbType.Integer, cancellationToken);
            await times.WriteAsync(host.Times.Runs().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellationToken);
        }

        await times.CompleteAsync(cancellationToken);
    }

    private sealed record Host(long HostId, List<SeriesEntry> Series, HostTimes Times);
}
