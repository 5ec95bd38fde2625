using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace StatusMonitor.Benchmarks;

/// <summary>The real server in a process of its own, with a data folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;

    private ServerProcess(Process process, string data, Uri address)
    {
        _process = process;
        _data = data;
        Address = address;
        Client = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>User and system time of the process so far, all threads.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { Program("Gateway", "statusmonitor-server.dll"), "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data }) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Listening on", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new ServerProcess(process, data, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        }

        throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>A program of this build, beside the benchmarks' own.</summary>
    public static string Program(string project, string file)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", project, "bin", output.Parent.Name, output.Name, file);
    }

    /// <summary>Makes a host and returns its id and token.</summary>
    public async Task<(long Id, string Token)> AddHostAsync(string name)
    {
        using var response = await Client.PostAsJsonAsync("/api/v1/hosts", new Dictionary<string, string> { ["name"] = name });
        response.EnsureSuccessStatusCode();
        using var host = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (host.RootElement.GetProperty("id").GetInt64(), host.RootElement.GetProperty("token").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
