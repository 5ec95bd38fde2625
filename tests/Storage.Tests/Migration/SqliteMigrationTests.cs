using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Migration;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.History;
using StatusMonitor.Storage.Tests.Postgres;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Migration;

/// <summary>Moving a data folder to PostgreSQL.</summary>
[NeedsPostgres]
public sealed class SqliteMigrationTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly PostgresDatabase _database = new(nameof(SqliteMigrationTests));

    public void Dispose() => _folder.Dispose();

    /// <summary>Whoever adds a table or a column to one of the stores has to say here what becomes of it.</summary>
    [SuiteFact]
    public void EveryTable_OfBothSchemas_IsTakenOver_OrSaidToBeNeedless()
    {
        _folder.Open().Dispose();
        _database.Open().Dispose();

        var plain = MigrationTables.Plain.Select(table => table.Name).ToList();
        Assert.Equal(
            plain.Concat(MigrationTables.SqliteHistory).Concat(MigrationTables.SqliteOwn).Order(StringComparer.Ordinal),
            _folder.Query("select name from sqlite_master where type = 'table' and name not like 'sqlite_stat%' order by name", row => row.GetString(0)).Order(StringComparer.Ordinal));
        Assert.Equal(
            plain.Concat(MigrationTables.PostgresHistory).Concat(MigrationTables.PostgresOwn).Order(StringComparer.Ordinal),
            Texts("select tablename from pg_tables where schemaname = 'statusmonitor' and tablename !~ '^journal_[0-9]+$'").Order(StringComparer.Ordinal));
        foreach (var table in plain)
        {
            Assert.Equal(_folder.Columns(table).Select(column => column.Name).Order(StringComparer.Ordinal), ColumnsOf(table).Order(StringComparer.Ordinal));
        }
    }

    [SuiteFact]
    public async Task Everything_IsInPostgres_AndAnsweredAlike_AndTheFolderIsAsItWas()
    {
        await _folder.FillAsync();
        var expected = await _folder.AnswersAsync();
        var before = SHA256.HashData(File.ReadAllBytes(_folder.Database));

        var summary = await MigrateAsync();

        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(_folder.Database)));
        Assert.All(summary!.Counts, count => Assert.Equal(count.Sqlite, count.Postgres));
        Assert.All(summary.Counts, count => Assert.NotEqual(0, count.Postgres));
        Assert.Equal((0L, false), (summary.Damaged, summary.IsResumed));
        foreach (var table in MigrationTables.Plain) Assert.Equal(SqliteRows(table.Name), PostgresRows(table.Name));

        await using var store = _database.Open(time: new FixedTime(HistoryRows.Time(HistoryRows.Start + 4 * HistoryRows.Hour)));
        await using (var journal = new PostgresSampleJournal(store))
        {
            Assert.Equal(expected, await FilledFolder.AnswersAsync(journal, new PostgresHistory(store)));

            // What an agent is not sure of and sends again is known, wherever SQLite had it, and what is new goes on from there.
            Assert.Equal(0, await journal.AppendAsync(3, [], HistoryRows.Rows(HistoryRows.Start + 3 * HistoryRows.Hour + 1_800_000, HistoryRows.Start + 4 * HistoryRows.Hour, 20_000)));
            Assert.Equal(1, await journal.AppendAsync(3, [new SeriesEntry(5, "new")], [JournalRows.At(HistoryRows.Start + 4 * HistoryRows.Hour)]));
        }

        // A number of an entry is not given again, though the last ones are dropped.
        Assert.Equal(20 * 1_000_003L + 1_001, _database.Count("insert into statusmonitor.audit (at, action, outcome) values (1, 'a', 'ok') returning id"));
        Assert.Null(await MigrateAsync());
    }

    [SuiteFact]
    public async Task EndedAfterEachTransaction_ItGoesOn_AndNoRowComesTwice()
    {
        await _folder.FillAsync(rows: 12);
        await MigrateAsync();
        var expected = AllRows();
        _database.Execute("drop schema statusmonitor cascade");

        var (seen, kills) = (new HashSet<(string, long)>(), 0);
        while (true)
        {
            try
            {
                var summary = await SqliteMigration.RunAsync(_folder.Path, _database.ConnectionString, EndAtWhatIsNew, 1_000, default);
                Assert.True(summary!.IsResumed);
                break;
            }
            catch (Killed)
            {
                kills++;
                Assert.Contains("has only a part of what is moved to it", Assert.Throws<StorageFailedException>(() => _database.Open()).Message, StringComparison.Ordinal);
            }
        }

        Assert.True(kills > 25, $"{kills} ends");
        Assert.Equal(expected, AllRows());

        void EndAtWhatIsNew(MigrationStep step)
        {
            if (seen.Add((step.Table, step.Done)) && step.Done > 0) throw new Killed();
        }
    }

    [SuiteFact]
    public async Task ADatabaseThatFails_IsSaid_AndTheNextRunGoesOn()
    {
        await _folder.FillAsync();
        IDisposable? broken = null;
        var failure = await Assert.ThrowsAsync<StorageFailedException>(() => SqliteMigration.RunAsync(
            _folder.Path,
            _database.ConnectionString,
            step => broken ??= step is { Table: "incidents", Done: > 0 } ? _database.BreakWrites() : null,
            default));
        Assert.Contains("The database could not be ", failure.Message, StringComparison.Ordinal);
        broken!.Dispose();

        Assert.True((await MigrateAsync())!.IsResumed);
        foreach (var table in MigrationTables.Plain) Assert.Equal(SqliteRows(table.Name), PostgresRows(table.Name));
    }

    [SuiteFact]
    public async Task AFolderThatAServerRanOnSince_IsMovedAnew()
    {
        await _folder.FillAsync();
        await Assert.ThrowsAsync<Killed>(() => SqliteMigration.RunAsync(_folder.Path, _database.ConnectionString, step => Kill(step.Table == "hosts and their series" && step.Done > 0), default));
        _folder.Execute("update grain_state set etag = etag + 1 where grain_id like '% 7'");

        Assert.False((await MigrateAsync())!.IsResumed);

        Assert.Equal(SqliteRows("grain_state"), PostgresRows("grain_state"));
        Assert.Equal(await _folder.AnswersAsync(), await PostgresAnswersAsync());
    }

    [SuiteFact]
    public async Task WhatCannotBeMoved_IsRefused_AndChangesNothing()
    {
        using var other = new DataFolder();
        await AssertRefusedAsync(other.Path, "There is no database of a server in");
        Assert.Empty(Directory.GetFiles(other.Path));
        Assert.Empty(Directory.GetFiles(_folder.Path));

        using (_folder.Open()) await AssertRefusedAsync(_folder.Path, "is in use by another server");

        _folder.Execute("insert into journal values (1, 1, 1, 1, 1, x'00')");
        await AssertRefusedAsync(_folder.Path, "is not converted yet. Start the server of this version on it once");
        _folder.Execute("delete from journal");
        var version = _folder.Execute("select user_version from pragma_user_version");
        _folder.Execute("pragma user_version = 99");
        await AssertRefusedAsync(_folder.Path, "has schema 99, made by a newer StatusMonitor");
        _folder.Execute($"pragma user_version = {version}");

        _database.Open().Dispose();
        _database.Execute("insert into statusmonitor.audit (at, action, outcome) values (1, 'a', 'ok')");
        await AssertRefusedAsync(_folder.Path, "already holds a fleet, which is not from");
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.migrated_from"));
        _database.Execute("delete from statusmonitor.audit");
        _database.Execute("update statusmonitor.schema_version set version = 99");
        await AssertRefusedAsync(_folder.Path, "The database has schema 99, made by a newer StatusMonitor");
    }

    [SuiteFact]
    public async Task AnotherFolder_IsRefused_WhetherTheFirstIsThereWhollyOrInPart()
    {
        await _folder.FillAsync();
        using var other = new DataFolder();
        other.Open().Dispose();
        await Assert.ThrowsAsync<Killed>(() => SqliteMigration.RunAsync(_folder.Path, _database.ConnectionString, step => Kill(step.Table == "audit"), default));
        await AssertRefusedAsync(other.Path, "has a part of what is moved to it from");

        await MigrateAsync();
        await AssertRefusedAsync(other.Path, "was filled from");
    }

    [SuiteFact]
    public async Task DamagedPieces_AreLeftOutAndCounted_AndHoldUpNothingElse()
    {
        await _folder.FillAsync();
        Assert.True(_folder.Execute("select count(*) from chunks where host_id = 3 and part > 0") > 0);
        _folder.Execute("update chunks set samples = x'00' where host_id = 3 and part = (select max(part) from chunks where host_id = 3)");
        _folder.Execute("update chunks set samples = x'0102' where host_id = 1 and part = 0 and samples is not null");

        var summary = await MigrateAsync();

        Assert.True(summary!.Damaged >= 2, $"{summary.Damaged}");
        Assert.All(summary.Counts, count => Assert.Equal(count.Sqlite, count.Postgres));
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.chunks where host_id = 70000 and hour = (select max(hour) from statusmonitor.chunks where host_id = 70000)"));
    }

    [SuiteFact]
    public async Task RowsThatAreMissingInTheEnd_AreAnError_AndNoServerStarts()
    {
        await _folder.FillAsync();

        var wrong = await Assert.ThrowsAsync<StorageFailedException>(() => SqliteMigration.RunAsync(
            _folder.Path,
            _database.ConnectionString,
            step =>
            {
                if (step.Table == "days of quarter hours" && step.Done == step.Total) _database.Execute("delete from statusmonitor.incidents where id = (select min(id) from statusmonitor.incidents)");
            },
            default));

        Assert.StartsWith("Not everything was moved: 'incidents' has 20 in the data folder and 19 in PostgreSQL.", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<StorageFailedException>(() => _database.Open());
    }

    private static void Kill(bool isTime)
    {
        if (isTime) throw new Killed();
    }

    private Task<MigrationSummary?> MigrateAsync() => SqliteMigration.RunAsync(_folder.Path, _database.ConnectionString, _ => { }, default);

    private async Task AssertRefusedAsync(string folder, string because) => Assert.Contains(
        because, (await Assert.ThrowsAsync<StorageFailedException>(() => SqliteMigration.RunAsync(folder, _database.ConnectionString, _ => { }, default))).Message, StringComparison.Ordinal);

    private async Task<List<string>> PostgresAnswersAsync()
    {
        await using var store = _database.Open();
        await using var journal = new PostgresSampleJournal(store);
        return await FilledFolder.AnswersAsync(journal, new PostgresHistory(store));
    }

    private List<string> ColumnsOf(string table) => Texts($"select attname from pg_attribute where attrelid = 'statusmonitor.{table}'::regclass and attnum > 0 and not attisdropped");

    private List<string> Texts(string sql) => [.. ((string[]?)_database.Execute($"select array_agg(t::text) from ({sql}) s(t)") ?? []).Order(StringComparer.Ordinal)];

    /// <summary>The rows of a table of SQLite as text, its columns by name.</summary>
    private List<string> SqliteRows(string table) => [.. _folder.Query(
        $"select {string.Join(", ", _folder.Columns(table).Select(column => column.Name).Order(StringComparer.Ordinal))} from {table}",
        row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Text(row.GetName(i), row.GetValue(i))))).Order(StringComparer.Ordinal)];

    private List<string> PostgresRows(string table)
    {
        using var connection = new Npgsql.NpgsqlConnection($"{_database.ConnectionString};Pooling=false");
        connection.Open();
        using var command = new Npgsql.NpgsqlCommand($"select {string.Join(", ", ColumnsOf(table).Order(StringComparer.Ordinal))} from statusmonitor.{table}", connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetName(i), reader.GetValue(i)))));
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static string Text(string column, object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        bool yes => yes ? "1" : "0",
        DBNull => "null",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private List<string> AllRows() => [.. MigrationTables.Filled.SelectMany(table => PostgresRows(table).Select(row => $"{table} {row}"))];

    /// <summary>The end of the program, as far as the database can tell.</summary>
    private sealed class Killed : Exception;
}
