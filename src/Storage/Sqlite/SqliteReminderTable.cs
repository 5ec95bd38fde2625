using System.Globalization;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Reminders in SQLite, so that they survive a restart.</summary>
public sealed class SqliteReminderTable(SqliteStore store) : IReminderTable
{
    private const string Columns = "grain_id, name, etag, start_at, period_ms";

    private readonly SqliteStatement _upsert = new("""
        insert into reminders (grain_id, name, grain_hash, etag, start_at, period_ms) values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (grain_id, name) do update set etag = excluded.etag, start_at = excluded.start_at, period_ms = excluded.period_ms
        """);

    private readonly SqliteStatement _remove = new("delete from reminders where grain_id = ?1 and name = ?2 and etag = ?3");
    private readonly SqliteStatement _clear = new("delete from reminders");

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await ReadAsync("grain_id = $grain", ("$grain", grainId.ToString())));

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new(await ReadAsync(
            begin < end ? "grain_hash > $begin and grain_hash <= $end" : "grain_hash > $begin or grain_hash <= $end",
            ("$begin", (long)begin),
            ("$end", (long)end)));

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadAsync("grain_id = $grain and name = $name", ("$grain", grainId.ToString()), ("$name", reminderName))).FirstOrDefault();

    /// <inheritdoc/>
    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        // Random, because a reminder that is removed and made again must not get an old one's tag.
        var etag = Random.Shared.NextInt64(long.MaxValue);
        return RunAsync(
            database => _upsert
                .Bind(database, 1, entry.GrainId.ToString()).Bind(database, 2, entry.ReminderName)
                .Bind(database, 3, entry.GrainId.GetUniformHashCode()).Bind(database, 4, etag)
                .Bind(database, 5, new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)).ToUnixTimeMilliseconds())
                .Bind(database, 6, (long)entry.Period.TotalMilliseconds)
                .Run(database),
            string? (_) => etag.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RunAsync(
        database => _remove
            .Bind(database, 1, grainId.ToString()).Bind(database, 2, reminderName)
            .Bind(database, 3, long.Parse(eTag, CultureInfo.InvariantCulture)).Run(database),
        removed => removed == 1);

    /// <inheritdoc/>
    public Task TestOnlyClearTable() => RunAsync(_clear.Run, _ => true);

    private Task<List<ReminderEntry>> ReadAsync(string condition, params (string Name, object Value)[] parameters) => store.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"select {Columns} from reminders where {condition}";
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
            using var reader = command.ExecuteReader();
            var entries = new List<ReminderEntry>();
            while (reader.Read()) entries.Add(Entry(reader));
            return entries;
        },
        CancellationToken.None);

    private static ReminderEntry Entry(SqliteDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.GetString(0), CultureInfo.InvariantCulture),
        ReminderName = row.GetString(1),
        ETag = row.GetInt64(2).ToString(CultureInfo.InvariantCulture),
        StartAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)).UtcDateTime,
        Period = TimeSpan.FromMilliseconds(row.GetInt64(4)),
    };

    private async Task<T> RunAsync<T>(Func<SqliteStore, int> run, Func<int, T> result)
    {
        var write = new ReminderWrite(run);
        store.Enqueue(write);
        return result(await write.Completion);
    }

    private sealed class ReminderWrite(Func<SqliteStore, int> run) : SqliteWrite<int>
    {
        public override int Weight => 1;

        public override void Execute(SqliteStore store) => Result = run(store);
    }
}
