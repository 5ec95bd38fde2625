using Microsoft.Data.Sqlite;
using Orleans.Storage;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>A database that an older program made.</summary>
public sealed class SqliteMigrationsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ADatabaseFromBeforeTheAuditLog_KeepsItsData_AndGetsOne()
    {
        Make("0001_journal_and_grain_state.sql", 1);
        _folder.Execute("insert into series values (7, 0, 'cpu.percent')");
        _folder.Execute("insert into journal values (7, 10, 17, 0, 5000, x'0100')");
        _folder.Execute("insert into journal_log_0 values (7, 20, 27, 1, 5000, x'0100')");
        _folder.Execute("insert into grain_state values ('host', 'host/7', 3, '{\"Name\":\"web-1\"}')");
        _folder.Execute("insert into reminders values ('host/7', 'check', 1, 2, 3, 4)");

        using (var store = _folder.Open())
        {
            await new SqliteAuditLog(store).AppendAsync(new AuditEntry(DateTimeOffset.UnixEpoch, 1, "admin", "account.login", null, null, null, null, "ok", null));
        }

        using var reopened = _folder.Open();
        Assert.Equal(5, await SqlWrite.NumberAsync(reopened, "pragma user_version"));
        Assert.Single(await new SqliteAuditLog(reopened).ReadAsync(new AuditQuery(), CancellationToken.None));
        var tail = await new SqliteSampleJournal(reopened).ReadAllAsync(7);
        Assert.Equal([new SeriesEntry(0, "cpu.percent")], tail.Series);
        Assert.Equal([10, 20], tail.Rows.Select(row => row.At));
        var state = new GrainState<Named>();
        await new SqliteGrainStorage(reopened).ReadStateAsync("host", GrainId.Create("host", "7"), state);
        Assert.Equal(("web-1", "3"), (state.State!.Name, state.ETag));
        Assert.Single((await new SqliteReminderTable(reopened).ReadRows(GrainId.Create("host", "7"))).Reminders);
    }

    /// <summary>What a script has done so far goes with it; the next start begins with a database as it was.</summary>
    [Fact]
    public void AMigrationThatFails_ChangesNothing()
    {
        Make("0001_journal_and_grain_state.sql", 1);
        _folder.Execute("create table audit_target (in_the_way integer)");

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open());

        Assert.Contains("audit_target", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, _folder.Execute("pragma user_version"));
        Assert.Equal(0, _folder.Execute("select count(*) from sqlite_master where name = 'audit'"));

        _folder.Execute("drop table audit_target");
        _folder.Open().Dispose();
        Assert.Equal(5, _folder.Execute("pragma user_version"));
    }

    private void Make(string script, int version)
    {
        using var reader = new StreamReader(typeof(SqliteStore).Assembly.GetManifestResourceStream($"StatusMonitor.Storage.Sqlite.Migrations.{script}")!);
        _folder.Execute($"{reader.ReadToEnd()}; pragma user_version = {version}");
    }

    public sealed class Named
    {
        public string Name { get; set; } = "";
    }
}
