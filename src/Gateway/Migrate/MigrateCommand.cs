using System.Globalization;
using Spectre.Console;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Migration;

namespace StatusMonitor.Gateway.Migrate;

/// <summary>The command <c>migrate</c>: moves what a data folder has in SQLite to PostgreSQL, and ends.</summary>
internal static class MigrateCommand
{
    public const string Name = "migrate";

    private const string Usage = """
        usage: statusmonitor-server migrate --data FOLDER --database CONNECTION

        Moves accounts, hosts, tokens, rules, incidents, the audit log and the history from the SQLite database of a data folder to an empty PostgreSQL.
        Stop the server first. The folder is only read. Ended anywhere it goes on where it was when it is run again; at the end everything is counted
        on both sides. Then start the server with the same --data and --database.

          --data FOLDER          the server's data folder (data)
          --database CONNECTION  "Host=...;Username=...;Database=..."; a password better in STATUSMONITOR_DATABASE or PGPASSWORD
        """;

    /// <summary>The server's options that count here; others would be passed over in silence.</summary>
    private static readonly string[] Flags = ["--data", "--database"];

    /// <summary>The exit code: 0 if everything is in PostgreSQL, 1 if not, 2 if the command is not understood. Why is said on standard error.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (FlagProblem(args) is { } flagProblem) return Fail($"{flagProblem}\n\n{Usage}", 2);
        var environment = new ConfigurationBuilder().AddEnvironmentVariables("STATUSMONITOR_").Build();
        if (!ServerOptions.TryRead(args, Server.WithFlags(environment, args), out var options, out var problem)) return Fail(problem, 2);
        if (options.Database is not { } database) return Fail($"--database: give the PostgreSQL that everything is moved to.\n\n{Usage}", 2);

        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onStop = (_, e) =>
        {
            // At the end of what is being written.
            e.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += onStop;
        try
        {
            var summary = await MigrateProgress.ShowAsync(report => SqliteMigration.RunAsync(options.Data, database, report, stop.Token));
            Show(summary);
            return 0;
        }
        catch (StorageFailedException exception)
        {
            return Fail(exception.Message, 1);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail("Stopped. Run the command again: it goes on where it was.", 1);
        }
        finally
        {
            Console.CancelKeyPress -= onStop;
        }
    }

    private static string? FlagProblem(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!Flags.Contains(args[i].Split('=')[0])) return $"'{args[i]}' is not an option of {Name}.";
            if (!args[i].Contains('=', StringComparison.Ordinal)) i++;
        }

        return null;
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }

    private static void Show(MigrationSummary? summary)
    {
        if (summary is null)
        {
            Console.WriteLine("All of this data folder is in the database already. Start the server with --database.");
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("moved").AddColumn(new TableColumn("SQLite").RightAligned()).AddColumn(new TableColumn("PostgreSQL").RightAligned());
        foreach (var count in summary.Counts) table.AddRow(count.What, Number(count.Sqlite), Number(count.Postgres));
        AnsiConsole.Write(table);
        if (summary.Damaged > 0) Console.WriteLine($"{Number(summary.Damaged)} pieces of the history in SQLite are damaged; what of them nobody can read any more was left out.");
        var seconds = Math.Max(0.001, summary.Copying.TotalSeconds);
        Console.WriteLine(summary.IsResumed
            ? string.Create(CultureInfo.InvariantCulture, $"The rest, {summary.Rows:N0} rows, took {seconds:N1} s ({summary.Rows / seconds:N0} rows/s); counting both sides {summary.Checking.TotalSeconds:N1} s.")
            : string.Create(CultureInfo.InvariantCulture, $"{summary.Rows:N0} rows with {summary.Values:N0} values took {seconds:N1} s ({summary.Rows / seconds:N0} rows/s, {summary.Values / seconds:N0} values/s); counting both sides {summary.Checking.TotalSeconds:N1} s."));
        Console.WriteLine("Everything is in PostgreSQL. Start the server with the same --data, where the key of the sessions is, and --database.");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
