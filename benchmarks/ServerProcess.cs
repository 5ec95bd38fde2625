using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace StatusMonitor.Benchmarks;

/// <summary>The real server in a process of its own, with a data folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _data;
    private readonly string[] _arguments;
    private Process _process = null!;
    private bool _isRunning;
    private string? _password;
    private string? _accessToken;

    private ServerProcess(string program, string[] options)
    {
        _data = Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName;
        var port = FreePort();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        Client = new HttpClient { BaseAddress = Address };
        _arguments = [program, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", _data, .. options];
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

    /// <summary>Bytes of memory that the process holds.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it with these options beside its port and data.</summary>
    public static Task<ServerProcess> StartAsync(params string[] options) => StartOtherAsync(Program("Gateway", "statusmonitor-server.dll"), options);

    /// <summary>As <see cref="StartAsync"/>, a server of another build: the path of its statusmonitor-server.dll.</summary>
    public static async Task<ServerProcess> StartOtherAsync(string program, params string[] options)
    {
        var server = new ServerProcess(program, options);
        await server.RunAsync();
        return server;
    }

    /// <summary>Stops it, does something with its data folder, and starts it again.</summary>
    public async Task RestartAsync(Func<string, Task> whileStopped)
    {
        await KillAsync();
        await whileStopped(_data);
        await RunAsync();
    }

    /// <summary>A program of this build, beside the benchmarks' own.</summary>
    public static string Program(string project, string file)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", project, "bin", output.Parent.Name, output.Name, file);
    }

    /// <summary>An access token of the administrator; it is good for longer than a benchmark takes.</summary>
    public async Task<string> GetAccessTokenAsync()
    {
        if (_accessToken is not null) return _accessToken;
        using var response = await Client.PostAsJsonAsync("/api/v1/auth/login", new Dictionary<string, string> { ["username"] = "admin", ["password"] = _password! });
        response.EnsureSuccessStatusCode();
        using var session = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return _accessToken = session.RootElement.GetProperty("accessToken").GetString()!;
    }

    /// <summary>Makes a host and returns its id and token.</summary>
    public async Task<(long Id, string Token)> AddHostAsync(string name, string? group = null, string[]? tags = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/hosts") { Content = JsonContent.Create(new Dictionary<string, object?> { ["name"] = name, ["group"] = group, ["tags"] = tags }) };
        request.Headers.Authorization = new("Bearer", await GetAccessTokenAsync());
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var host = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (host.RootElement.GetProperty("id").GetInt64(), host.RootElement.GetProperty("token").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await KillAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in _arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _isRunning = true;
        // Printed by the first start alone.
        const string Password = "  password: ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Password, StringComparison.Ordinal)) _password = line[Password.Length..];
            if (!line.Contains("Listening on", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>As a crash.</summary>
    public async Task KillAsync()
    {
        if (!_isRunning) return;
        _isRunning = false;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A port that nobody listens on at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
