using System.Runtime.CompilerServices;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The catalogue of series. Those that a host brings at once and that follow each other are one row.</summary>
internal static class Catalogue
{
    public static NpgsqlBatchCommand Select(long hostId) =>
        new("select first_id, names from statusmonitor.catalogue where host_id = $1 order by first_id") { Parameters = { new() { Value = hostId } } };

    /// <summary>The same of several hosts, with the times of their series, for <see cref="ReadAllAsync"/>.</summary>
    public static NpgsqlBatchCommand Select(long[] hostIds) => new(
        """
        select c.first_id, c.names, c.host_id, coalesce(t.series, '{}') from statusmonitor.catalogue c left join statusmonitor.host_times t on t.host_id = c.host_id
        where c.host_id = any($1) order by c.host_id, c.first_id
        """)
    {
        Parameters = { new() { Value = hostIds } },
    };

    /// <summary>Reads what <see cref="Select(long)"/> found: a host's series by id.</summary>
    public static async Task<List<SeriesEntry>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var series = new List<SeriesEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetInt32(0);
            foreach (var name in reader.GetFieldValue<string[]>(1)) series.Add(new SeriesEntry(id++, name));
        }

        return series;
    }

    /// <summary>Reads what <see cref="Select(long[])"/> found: of each host its series by id, and their times as they are stored.</summary>
    public static async IAsyncEnumerable<(long HostId, SeriesEntry[] Series, long[] Times)> ReadAllAsync(NpgsqlDataReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetInt32(0);
            yield return (reader.GetInt64(2), Array.ConvertAll(reader.GetFieldValue<string[]>(1), name => new SeriesEntry(id++, name)), reader.GetFieldValue<long[]>(3));
        }
    }

    /// <summary>
    /// Adds series of hosts. No "on conflict": two servers that number a host's series differently must not both go on. Each numbers on from the end of a row
    /// it knows to be stored, so of two that do so from the same end one meets the other's key.
    /// </summary>
    public static async Task InsertAsync(NpgsqlConnection connection, IEnumerable<(long HostId, IReadOnlyList<SeriesEntry> Series)> added)
    {
        var rows = added.SelectMany(host => Runs(host.Series).Select(run => (host.HostId, FirstId: run[0].Id, Names: run.ConvertAll(entry => entry.Name)))).ToList();
        if (rows.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (hostId, firstId, names) in rows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into statusmonitor.catalogue (host_id, first_id, names) values ($1, $2, $3)")
            {
                Parameters = { new() { Value = hostId }, new() { Value = firstId }, new() { Value = names.ToArray() } },
            });
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Series that follow each other, as one row has them.</summary>
    public static List<List<SeriesEntry>> Runs(IReadOnlyList<SeriesEntry> series)
    {
        var runs = new List<List<SeriesEntry>>();
        foreach (var entry in series.OrderBy(entry => entry.Id))
        {
            if (runs is [.., var last] && last[^1].Id + 1 == entry.Id) last.Add(entry);
            else runs.Add([entry]);
        }

        return runs;
    }
}
