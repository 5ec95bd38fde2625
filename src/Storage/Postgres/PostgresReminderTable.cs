using System.Globalization;
using Npgsql;
using Orleans.Runtime;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Reminders in PostgreSQL. They are made and removed rarely, so each change is a transaction of its own.</summary>
public sealed class PostgresReminderTable(PostgresStore store) : IReminderTable
{
    private const string Columns = "grain_id, name, etag, start_at, period_ms";

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await ReadAsync("grain_id = $1", grainId.ToString()));

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new(await ReadAsync(begin < end ? "grain_hash > $1 and grain_hash <= $2" : "grain_hash > $1 or grain_hash <= $2", (long)begin, (long)end));

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadAsync("grain_id = $1 and name = $2", grainId.ToString(), reminderName)).FirstOrDefault();

    /// <inheritdoc/>
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        // Random, because a reminder that is removed and made again must not get an old one's tag.
        var etag = Random.Shared.NextInt64(long.MaxValue);
        await RunAsync(
            """
            insert into statusmonitor.reminders (grain_id, name, grain_hash, etag, start_at, period_ms) values ($1, $2, $3, $4, $5, $6)
            on conflict (grain_id, name) do update set etag = excluded.etag, start_at = excluded.start_at, period_ms = excluded.period_ms
            """,
            entry.GrainId.ToString(),
            entry.ReminderName,
            (long)entry.GrainId.GetUniformHashCode(),
            etag,
            new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)).ToUnixTimeMilliseconds(),
            (long)entry.Period.TotalMilliseconds);
        return etag.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        await RunAsync("delete from statusmonitor.reminders where grain_id = $1 and name = $2 and etag = $3", grainId.ToString(), reminderName, long.Parse(eTag, CultureInfo.InvariantCulture)) == 1;

    /// <inheritdoc/>
    public Task TestOnlyClearTable() => RunAsync("delete from statusmonitor.reminders");

    private Task<List<ReminderEntry>> ReadAsync(string condition, params object[] values) => store.ReadAsync(
        connection => connection.RowsAsync($"select {Columns} from statusmonitor.reminders where {condition}", values.Select(PostgresQuery.Value), Entry), CancellationToken.None);

    private Task<int> RunAsync(string sql, params object[] values) => store.WriteAsync(connection => connection.RunAsync(sql, values.Select(PostgresQuery.Value)), CancellationToken.None);

    private static ReminderEntry Entry(NpgsqlDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.GetString(0), CultureInfo.InvariantCulture),
        ReminderName = row.GetString(1),
        ETag = row.GetInt64(2).ToString(CultureInfo.InvariantCulture),
        StartAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)).UtcDateTime,
        Period = TimeSpan.FromMilliseconds(row.GetInt64(4)),
    };
}
