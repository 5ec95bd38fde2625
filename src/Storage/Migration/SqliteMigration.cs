using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Storage.Migration;

/// <summary>Moves all that a data folder has in SQLite to PostgreSQL. The folder is only read.</summary>
/// <remarks>
/// How far it is stands in PostgreSQL, written with the rows themselves: killed anywhere it goes on where it was, and no row comes twice. What was moved from a folder that a server
/// has run on since is discarded and moved anew. No server starts on the database until all of it is there and counted.
/// </remarks>
public static class SqliteMigration
{
    /// <summary>Bytes of rows in one transaction, about.</summary>
    private const int BatchBytes = 8 << 20;

    /// <param name="folder">The data folder; no server may be running on it.</param>
    /// <param name="connectionString">The PostgreSQL.</param>
    /// <param name="report">Is told after each transaction how far it is. What it throws ends the move.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>What was moved, or null if all of it was there already.</returns>
    /// <exception cref="StorageFailedException">It is refused, it failed, or the counts differ; the message says why and what to do.</exception>
    public static Task<MigrationSummary?> RunAsync(string folder, string connectionString, Action<MigrationStep> report, CancellationToken cancellationToken) =>
        RunAsync(folder, connectionString, report, BatchBytes, cancellationToken);

    internal static async Task<MigrationSummary?> RunAsync(string folder, string connectionString, Action<MigrationStep> report, int batchBytes, CancellationToken cancellationToken)
    {
        // First, because it says whether there is anything to move.
        using var source = new SqliteSource(folder);
        await using var store = new PostgresStore(
            Options.Create(new PostgresOptions { ConnectionString = connectionString, IsBeingFilled = true }), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        try
        {
            return await RunAsync(source, new MigrationTarget(store), report, batchBytes, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw new StorageFailedException($"The database in '{source.Folder}' cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task<MigrationSummary?> RunAsync(SqliteSource source, MigrationTarget target, Action<MigrationStep> report, int batchBytes, CancellationToken cancellationToken)
    {
        var (completedAt, isResumed) = await target.BeginAsync(source, cancellationToken);
        if (completedAt is not null) return null;

        var watch = Stopwatch.StartNew();
        var rows = 0L;
        var plain = new PlainTableCopy(source, target, batchBytes);
        foreach (var table in MigrationTables.Plain)
        {
            rows += await plain.RunAsync(table, Report(table.Name, source.Number($"select count(*) from {table.Name}")), cancellationToken);
        }

        var hours = new SourceHours(source);
        var hosts = new HostCopy(source, hours, target);
        var history = new HistoryCopy(source, hours, target, batchBytes);
        var hoursToMove = hours.Count();
        rows += await hosts.RunAsync(Report("hosts and their series", hosts.Count()), cancellationToken);
        rows += await history.MoveHoursAsync(Report("hours of samples and minutes", hoursToMove), cancellationToken);
        rows += await history.MoveDaysAsync(Report("days of quarter hours", source.Number("select count(*) from days")), cancellationToken);
        await target.ContinueNumbersAsync(source, cancellationToken);
        var copying = watch.Elapsed;

        var check = new MigrationCheck(source, hours, target);
        var counts = await check.RunAsync(Report("counting both sides", hoursToMove), cancellationToken);
        await target.CompleteAsync(cancellationToken);
        return new MigrationSummary(counts, rows, counts.First(count => count.What == "values").Postgres, check.Damaged, isResumed, copying, watch.Elapsed - copying);

        Action<long> Report(string table, long total) => done => report(new MigrationStep(table, done, total));
    }
}
