using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>Moves the hours and days of the hosts.</summary>
internal sealed class HistoryCopy(SqliteSource source, SourceHours hours, MigrationTarget target, int batchBytes)
{
    /// <summary>What the progress of the hours is kept under: samples and minutes go together.</summary>
    public const string HoursStep = "chunks", DaysStep = "days";

    /// <summary>Most hours in one transaction.</summary>
    private const int BatchHours = 4_000;

    /// <summary>Moves the hours. While some are written the next are read and put together.</summary>
    /// <param name="report">Is told how many are there, after each transaction.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>How many this run has brought.</returns>
    public async Task<long> MoveHoursAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var (last, done, isDone) = await target.ProgressAsync(HoursStep, cancellationToken);
        report(done);
        if (isDone) return 0;
        using var connection = source.Open();
        using var lookup = source.Open();
        var after = last is null ? ((long, long)?)null : Key(last);
        using var batches = Batches(hours.Read(connection, after), lookup).GetEnumerator();
        var moved = 0L;
        for (var batch = await Task.Run(Next, cancellationToken); ;)
        {
            var next = batch is null ? null : Task.Run(Next, cancellationToken);
            try
            {
                var lastHour = batch is null ? last : JsonSerializer.Serialize(new[] { batch.Last.HostId, batch.Last.Hour });
                await target.AddAsync(HoursStep, last, lastHour, batch?.Hours ?? 0, batch is null, connection => WriteAsync(connection, batch, cancellationToken), cancellationToken);
                last = lastHour;
            }
            catch
            {
                // It still reads from what is closed after this.
                if (next is not null) await next;
                throw;
            }

            if (batch is null) return moved;
            moved += batch.Hours;
            report(done + moved);
            batch = await next!;
        }

        HistoryBatch? Next() => batches.MoveNext() ? batches.Current : null;
    }

    /// <summary>Moves the rollups of fifteen minutes, but for the days that were written with an hour of theirs.</summary>
    /// <inheritdoc cref="MoveHoursAsync"/>
    public async Task<long> MoveDaysAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var (last, done, isDone) = await target.ProgressAsync(DaysStep, cancellationToken);
        report(done);
        if (isDone) return 0;
        using var connection = source.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select host_id, day, data from days {(last is null ? "" : "where (host_id, day) > ($host, $day)")} order by host_id, day";
        if (last is not null)
        {
            command.Parameters.AddWithValue("$host", Key(last).HostId);
            command.Parameters.AddWithValue("$day", Key(last).When);
        }

        using var reader = command.ExecuteReader();
        var moved = 0L;
        for (var isMore = true; isMore;)
        {
            var (days, count, lastDay) = (new List<EncodedPart>(), 0, last);
            for (var bytes = 0L; bytes < batchBytes && count < BatchHours && (isMore = reader.Read()); count++)
            {
                var day = new EncodedPart(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
                lastDay = JsonSerializer.Serialize(new[] { day.HostId, day.When });
                if (hours.WaitingDays.Contains((day.HostId, day.When))) continue;
                days.Add(day);
                bytes += day.Data.Length;
            }

            await target.AddAsync(DaysStep, last, lastDay, count, !isMore, connection => CopyAsync(connection, "days", "day", days, cancellationToken), cancellationToken);
            last = lastDay;
            moved += count;
            report(done + moved);
        }

        return moved;
    }

    private static (long HostId, long When) Key(string text) => JsonSerializer.Deserialize<long[]>(text) is [var host, var when] ? (host, when) : throw new JsonException(text);

    private IEnumerable<HistoryBatch> Batches(IEnumerable<(long HostId, long Hour, List<StoredChunk> Chunks)> stored, SqliteConnection lookup)
    {
        var batch = New();
        foreach (var (hostId, hour, chunks) in stored)
        {
            if ((batch.Bytes >= batchBytes || batch.Hours >= BatchHours) && !batch.IsWithinWaitingDay(hostId, hour))
            {
                batch.Finish();
                yield return batch;
                batch = New();
            }

            batch.Add(hostId, hour, chunks);
        }

        if (batch.Hours == 0) yield break;
        batch.Finish();
        yield return batch;

        HistoryBatch New() => new(lookup.SeriesOf, (host, day) => lookup.Rows("select data from days where host_id = $host and day = $day", [("$host", host), ("$day", day)], row => row.GetFieldValue<byte[]>(0)).FirstOrDefault());
    }

    private static async Task WriteAsync(NpgsqlConnection connection, HistoryBatch? batch, CancellationToken cancellationToken)
    {
        if (batch is null) return;
        await CopyAsync(connection, "chunks", "hour", batch.Samples, cancellationToken);
        await CopyAsync(connection, "minutes", "hour", batch.Minutes, cancellationToken);
        await CopyAsync(connection, "days", "day", batch.Days, cancellationToken);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, string when, List<EncodedPart> parts, CancellationToken cancellationToken)
    {
        if (parts.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync($"copy statusmonitor.{table} (host_id, {when}, piece, data) from stdin (format binary)", cancellationToken);
        foreach (var part in parts)
        {
            var pieces = Pieces.Cut(part.Data);
            for (var i = 0; i < pieces.Length; i++)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(part.HostId, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(part.When, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync((short)i, NpgsqlDbType.Smallint, cancellationToken);
                await copy.WriteAsync(pieces[i], NpgsqlDbType.Bytea, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
