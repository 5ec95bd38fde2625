using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StatusMonitor.Cluster.Tests.Support;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Cluster.Tests;

/// <summary><c>tools/cluster.sh</c>, as somebody who tries a cluster runs it.</summary>
public sealed class ClusterScriptTests
{
    [ClusterFact]
    public Task ToldToEnd_ItEndsAllThatItStarted() => EndsAsync("cluster_script", ServerProcess.Terminate, exitCode: 143);

    /// <summary>A terminal tells all of its processes.</summary>
    [ClusterFact]
    public Task AtCtrlC_ItEndsAllThatItStarted() => EndsAsync("cluster_ctrl_c", ServerProcess.InterruptGroup, exitCode: 130);

    private static async Task EndsAsync(string name, Action<int> tell, int exitCode)
    {
        using var data = new Folder();
        var database = PostgresCluster.Shared.EmptyDatabase(name);
        var start = new ProcessStartInfo("setsid",
        [
            "env", "--default-signal=INT", "bash", Path.Combine(ServerProcess.RepositoryRoot(), "tools", "cluster.sh"), "--silos", "1", "--gateways", "1", "--port", FreePort(), "--data", data,
            "--database", database, "--server", ServerProcess.ProgramPath("Gateway", "statusmonitor-server.dll"),
        ])
        {
            RedirectStandardOutput = true,
        };
        using var script = Process.Start(start)!;
        var said = new List<string>();
        try
        {
            var folder = (await LineAsync(script, said, "Process ids are in ")).Split(' ')[4].TrimEnd(';');
            await LineAsync(script, said, "gateway1:", "Listening on");
            var servers = Directory.GetFiles(folder, "*.pid").Select(file => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(2, servers.Length);

            tell(script.Id);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

            // Its output ends when nobody has it any more.
            while (await script.StandardOutput.ReadLineAsync(patience.Token) is { } line) said.Add(line);
            await script.WaitForExitAsync(patience.Token);
            Assert.Equal(exitCode, script.ExitCode);
            Assert.All(servers, server => Assert.False(Directory.Exists($"/proc/{server}"), $"Process {server} is still there."));
            Assert.False(Directory.Exists(folder));

            // A silo that is killed leaves without a word.
            const int Dead = 6;
            Assert.Equal(Dead, PostgresCluster.Execute(database, "select status from statusmonitor.cluster_silos"));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not end; it said:\n{string.Join('\n', said)}");
        }
        finally
        {
            if (!script.HasExited) script.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The next line that has all of these in it.</summary>
    private static async Task<string> LineAsync(Process script, List<string> said, params string[] parts)
    {
        using var patience = new CancellationTokenSource(ClusterProcesses.StartTime);
        while (await script.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (parts.All(part => line.Contains(part, StringComparison.Ordinal))) return line;
        }

        throw new InvalidOperationException($"The script ended; it said:\n{string.Join('\n', said)}");
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
