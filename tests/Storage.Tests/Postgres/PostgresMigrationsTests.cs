using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>What a start makes of the database it is given.</summary>
[NeedsPostgres]
public sealed class PostgresMigrationsTests
{
    private readonly PostgresDatabase _database = new(nameof(PostgresMigrationsTests));

    [SuiteFact]
    public void AnEmptyDatabase_GetsOurSchema_AndNothingElse()
    {
        _database.Open().Dispose();

        Assert.Equal(10, _database.Execute("select version from statusmonitor.schema_version"));
        Assert.Equal(0, _database.Count("select count(*) from pg_tables where schemaname not in ('statusmonitor', 'pg_catalog', 'information_schema')"));
    }

    [SuiteFact]
    public async Task ASecondStart_KeepsWhatIsThere()
    {
        await using (var store = _database.Open())
        {
            await using var journal = new PostgresSampleJournal(store);
            await journal.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(10)]);
        }

        await using var second = _database.Open();
        await using var reopened = new PostgresSampleJournal(second);
        Assert.Equal([10], await reopened.TimesAsync(1));
    }

    [SuiteFact]
    public async Task ServersThatStartAtOnce_ApplyItOnce()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _database.Open()))).Soon("the starts");

        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.schema_version"));
    }

    [SuiteFact]
    public void ADatabaseOfANewerProgram_IsRefused_AndLeftAlone()
    {
        _database.Open().Dispose();
        _database.Execute("update statusmonitor.schema_version set version = 11");

        var exception = Assert.Throws<StorageFailedException>(() => _database.Open());

        Assert.Equal("The database has schema 11, made by a newer StatusMonitor; this one knows schema 10. Start the newer version, or use another database.", exception.Message);
        Assert.Equal(11, _database.Execute("select version from statusmonitor.schema_version"));
    }

    /// <summary>What a script has done so far goes with it; the next start begins with a database as it was.</summary>
    [SuiteFact]
    public void AMigrationThatFails_ChangesNothing()
    {
        _database.Execute("create schema statusmonitor; create table statusmonitor.days (in_the_way integer)");

        var exception = Assert.Throws<StorageFailedException>(() => _database.Open());

        Assert.Contains("\"days\" already exists", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, _database.Count("select count(*) from pg_tables where schemaname = 'statusmonitor'"));
        _database.Execute("drop table statusmonitor.days");
        _database.Open().Dispose();
        Assert.Equal(10, _database.Execute("select version from statusmonitor.schema_version"));
    }

    [SuiteFact]
    public void ADatabaseThatCannotHoldEveryName_IsRefused()
    {
        _database.Execute("drop database if exists of_latin1");
        _database.Execute("create database of_latin1 template template0 encoding latin1 locale 'C'");

        var exception = Assert.Throws<StorageFailedException>(() => _database.Open(options => options.ConnectionString = options.ConnectionString.Replace(nameof(PostgresMigrationsTests).ToLowerInvariant(), "of_latin1", StringComparison.Ordinal)));

        Assert.Contains("LATIN1", exception.Message, StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("Host=/nowhere;Username=me;Password=hush;secret")]
    [InlineData("Host=/nowhere;Username=me;Password=hush;Secret=hush")]
    [InlineData("Username=me;Password=hush;Database=d")]
    [InlineData("Host=/nowhere;Port=many;Password=hush")]
    public void AConnectionStringThatIsNone_IsSaidSo_WithoutThePassword(string connectionString)
    {
        var exception = Assert.Throws<StorageFailedException>(() => _database.Open(options => options.ConnectionString = connectionString));

        Assert.StartsWith("The database's connection string is not understood.", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", exception.ToString(), StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("Host=/nowhere;Username=me;Password=hush;Database=d", "'d' on '/nowhere'")]
    [InlineData("Host=127.0.0.1;Port=1;Username=me;Password=hush;Database=d", "'d' on '127.0.0.1'")]
    public void ADatabaseThatCannotBeReached_IsNamed_WithoutThePassword(string connectionString, string name)
    {
        var exception = Assert.Throws<StorageFailedException>(() => _database.Open(options => options.ConnectionString = connectionString));

        Assert.StartsWith($"The database {name} cannot be used: ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", exception.ToString(), StringComparison.Ordinal);
    }

    [SuiteFact]
    public void ADatabaseThatDoesNotExist_IsNamed()
    {
        var exception = Assert.Throws<StorageFailedException>(() => _database.Open(options => options.ConnectionString += "x"));

        Assert.Contains("does not exist", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the server's default: what is acknowledged must be on disk.</summary>
    [SuiteFact]
    public async Task ACommit_WaitsForTheDisk_AlsoWhereTheDefaultIsNotTo()
    {
        _database.Execute($"alter database {nameof(PostgresMigrationsTests).ToLowerInvariant()} set synchronous_commit = off");
        try
        {
            await using var store = _database.Open();
            Assert.Equal("on", await store.ReadAsync(async connection => (string)(await new Npgsql.NpgsqlCommand("show synchronous_commit", connection).ExecuteScalarAsync())!, default));
        }
        finally
        {
            _database.Execute($"alter database {nameof(PostgresMigrationsTests).ToLowerInvariant()} reset synchronous_commit");
        }
    }
}
