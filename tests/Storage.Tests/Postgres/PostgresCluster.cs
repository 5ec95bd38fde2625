using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>
/// A PostgreSQL of our own in a temporary folder, reached over a socket in it and by nothing else, with every setting that durability depends on as it
/// comes. It ends with this process, however that ends.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    /// <summary>
    /// Runs as somebody who may run PostgreSQL, which root may not, and does what it is told line by line. At the end of its input, which is also the end of
    /// this process, it stops the server and clears up.
    /// </summary>
    private const string Script = """
        bin=$1 dir=$(mktemp -d "$2/statusmonitor-pg-XXXXXX") && cd "$dir" && echo "$dir" || exit 1
        start() { "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=300" start >/dev/null; }
        "$bin/initdb" -D "$dir/data" -U statusmonitor -A trust -E UTF8 --locale=C >"$dir/log" 2>&1 && start || { cat "$dir/log"; echo failed; exit 1; }
        echo done
        while read -r what; do
          case $what in
            start) start ;;
            stop) "$bin/pg_ctl" -D "$dir/data" -m fast -w stop >/dev/null ;;
            kill) "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null ;;
          esac
          echo done
        done
        "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1
        cd / && rm -rf "$dir"
        """;

    // Before what needs it.
    private static readonly string? Programs = FindPrograms();

    private static readonly Lazy<PostgresCluster> OfAllTests = new(() => new PostgresCluster());

    private readonly Process _process;
    private readonly string _folder;

    public PostgresCluster()
    {
        string[] command = ["/bin/sh", "-c", Script, "postgres", Programs!, Path.GetTempPath().TrimEnd('/')];
        if (Environment.UserName == "root") command = ["setpriv", "--reuid=nobody", $"--regid={Run("id", "-g", "nobody")}", "--clear-groups", .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _folder = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PostgreSQL has no folder.");
        WaitUntilDone();
    }

    /// <summary>The one that tests share; each makes a database of its own in it.</summary>
    public static PostgresCluster Shared => OfAllTests.Value;

    /// <summary>Why there can be none, or null.</summary>
    public static string? Missing { get; } =
        Programs is null ? "There is no PostgreSQL (initdb, pg_ctl) on the PATH or in /usr/lib/postgresql; on Debian 'apt-get install postgresql' brings it."
        : Environment.UserName == "root" && FindOnPath("setpriv") is null ? "PostgreSQL does not run as root, and there is no setpriv to run it as somebody else."
        : null;

    /// <summary>Makes a database, or takes everything of ours out of one there is, and gives what it is reached with.</summary>
    public string EmptyDatabase(string name)
    {
        if (Execute(ConnectionString("postgres"), $"select 1 from pg_database where datname = '{name}'") is null) Execute(ConnectionString("postgres"), $"create database {name}");
        else Execute(ConnectionString(name), "drop schema if exists statusmonitor cascade");
        return ConnectionString(name);
    }

    /// <summary>Runs SQL behind the store's back and gives the first column of the first row.</summary>
    public static object? Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>CPU time that it has taken so far, all its processes together.</summary>
    public TimeSpan CpuTime()
    {
        var main = File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First();
        var ticks = 0L;
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // After the name, which may have blanks in it: state, parent, ... and from the 12th own time, then that of children that have ended.
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (Path.GetFileName(process) == main) ticks += fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
                else if (fields[1] == main) ticks += fields[11..13].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return TimeSpan.FromSeconds(ticks / 100.0);
    }

    /// <summary>Ends it in order; who is connected is cut off.</summary>
    public void Stop() => Tell("stop");

    /// <summary>As a crash.</summary>
    public void Kill() => Tell("kill");

    public void Start() => Tell("start");

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        End();
    }

    private static string? FindPrograms()
    {
        // The link on the PATH may point to where the rest is.
        if (FindOnPath("initdb") is { } onPath)
        {
            var folder = Path.GetDirectoryName(File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath)!;
            if (File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "postgres"))) return folder;
        }

        const string Debian = "/usr/lib/postgresql";
        if (!Directory.Exists(Debian)) return null;
        return Directory.GetDirectories(Debian)
            .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private string ConnectionString(string database) => $"Host={_folder};Username=statusmonitor;Database={database}";

    private void Tell(string what)
    {
        _process.StandardInput.WriteLine(what);
        _process.StandardInput.Flush();
        WaitUntilDone();
    }

    private void WaitUntilDone()
    {
        var said = new List<string>();
        while (_process.StandardOutput.ReadLine() is { } line && line != "failed")
        {
            if (line == "done") return;
            said.Add(line);
        }

        throw new InvalidOperationException($"PostgreSQL could not be run:\n{string.Join('\n', said)}");
    }

    private void OnExit(object? sender, EventArgs e) => End();

    private void End()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
