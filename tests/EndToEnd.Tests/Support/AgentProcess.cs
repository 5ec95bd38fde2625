using System.Diagnostics;
using System.Runtime.InteropServices;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests.Support;

/// <summary>The real agent, which watches this machine.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly string[] ClassicVariables = ["INGESTION_URL", "AGENT_TOKEN", "INTERVAL", "COLLECTION_INTERVAL"];

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _output;

    /// <summary>Reports every second, with this token.</summary>
    public AgentProcess(Uri server, string token, Folder folder)
        : this(folder, "--server", server.AbsoluteUri, "--token", token, "--interval", "1", "--spool", folder.File("spool"))
    {
    }

    /// <summary>The program with the arguments, at home in the folder.</summary>
    public AgentProcess(Folder folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.ProgramPath("Agent", "statusmonitor-agent.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("STATUSMONITOR_", StringComparison.Ordinal) || ClassicVariables.Contains(name)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["HOME"] = folder;
        _process = Process.Start(start)!;
        _output = Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
    }

    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    /// <summary>Ends it as Ctrl-C or a service manager does.</summary>
    public async Task StopAsync()
    {
        Assert.Equal(0, Signal(_process.Id, 15));
        Assert.Equal(0, await EndAsync());
    }

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> EndAsync()
    {
        await Patience.For(Task.WhenAll(_process.WaitForExitAsync(), _output), () => $"the end of the agent; it said:\n{Output}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Add(line);
        }
    }
}
