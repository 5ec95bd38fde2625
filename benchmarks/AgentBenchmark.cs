using System.Diagnostics;
using System.Globalization;

namespace StatusMonitor.Benchmarks;

/// <summary>Memory and CPU of the agent that reports to a server every 5 s, after it has settled.</summary>
internal static class AgentBenchmark
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        await using var server = await ServerProcess.StartAsync();
        var (_, token) = await server.AddHostAsync("measured");
        var spool = Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { ServerProcess.Program("Agent", "statusmonitor-agent.dll"), "--server", server.Address.ToString(), "--interval", "5", "--spool", spool }) start.ArgumentList.Add(argument);
        start.Environment["STATUSMONITOR_AGENT_TOKEN"] = token;
        using var agent = Process.Start(start)!;
        agent.OutputDataReceived += static (_, _) => { };
        agent.ErrorDataReceived += static (_, _) => { };
        agent.BeginOutputReadLine();
        agent.BeginErrorReadLine();
        try
        {
            await Task.Delay(Settling);
            var cpu = agent.TotalProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            agent.Refresh();
            cpu = agent.TotalProcessorTime - cpu;
            var memory = File.ReadLines($"/proc/{agent.Id}/smaps_rollup").ToDictionary(line => line.Split(':')[0], line => line);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"agent at 5 s: {Megabytes(memory["Rss"]):0.0} MB resident, {Megabytes(memory["Anonymous"]):0.0} MB anonymous, {cpu.TotalSeconds / seconds * 60:0.000} CPU seconds per minute"));
            return 0;
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            Directory.Delete(spool, recursive: true);
        }
    }

    private static double Megabytes(string line) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
}
