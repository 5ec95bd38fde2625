using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>The built program as a user runs it.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _lines = [];
    private readonly Task _output;

    private ServerProcess(IEnumerable<string> arguments, string? workingFolder)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramPath("Gateway", "statusmonitor-server.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("STATUSMONITOR_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(variable);
        _process = Process.Start(start)!;
        _output = Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
    }

    /// <summary>Everything it said so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public static ServerProcess Start(params IEnumerable<string> arguments) => new(arguments, null);

    public static ServerProcess StartIn(string folder, params IEnumerable<string> arguments) => new(arguments, folder);

    /// <summary>Where it listens, once it says so.</summary>
    public async Task<Uri> ListeningAsync(TimeSpan? limit = null)
    {
        var ended = _process.WaitForExitAsync();
        await Patience.For(Task.WhenAny(_listening.Task, ended), () => $"the line 'Listening on'; the server said:\n{Output}", limit);
        if (_listening.Task.IsCompleted) return await _listening.Task;
        await _output;
        throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{Output}");
    }

    /// <summary>As a crash: nothing is finished.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>It no longer runs, and its connections stay: as a machine that hangs.</summary>
    public void Freeze() => Assert.Equal(0, Signal(_process.Id, 19));

    public void Thaw() => Assert.Equal(0, Signal(_process.Id, 18));

    /// <summary>Asks it to end, as Ctrl-C or a service manager does.</summary>
    public void Terminate() => Assert.True(Signal(_process.Id, 15) == 0, $"It has ended by itself; it said:\n{Output}");

    /// <inheritdoc cref="Terminate()"/>
    public static void Terminate(int process) => Assert.Equal(0, Signal(process, 15));

    /// <summary>What a terminal does at Ctrl-C: all processes of a group are told, by the id of its first.</summary>
    public static void InterruptGroup(int group) => Assert.Equal(0, Signal(-group, 2));

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> EndAsync()
    {
        await Patience.For(Task.WhenAll(_process.WaitForExitAsync(), _output), () => $"the end of the server; it said:\n{Output}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>A program of this build: tests are built as tests/X.Tests/bin/CONFIGURATION/FRAMEWORK.</summary>
    internal static string ProgramPath(string project, string file)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = framework.Parent!;
        var path = Path.Combine(RepositoryRoot(), "src", project, "bin", configuration.Name, framework.Name, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built; build the solution first.");
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StatusMonitor.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        return folder.FullName;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    [GeneratedRegex(@"Listening on (http://\S+);")]
    private static partial Regex ListeningLine();

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.Add(line);
            if (ListeningLine().Match(line) is { Success: true } match) _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }
}
