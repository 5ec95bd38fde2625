using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace StatusMonitor.Gateway;

/// <summary>What the server is started with. Each can be given as a flag, as <c>STATUSMONITOR_…</c> in the environment, or in <c>appsettings.json</c>; the flag wins.</summary>
public sealed class ServerOptions
{
    /// <summary>Address to listen on: an IP address, or <c>localhost</c>. Default: 127.0.0.1, this machine only.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Port for everything; 0 takes a free one. Default: 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Folder of the database and the operator key. Default: <c>data</c> in the current directory.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Folder of the built dashboard. Default: <c>wwwroot</c> beside the program.</summary>
    public string Dashboard { get; set; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>Port between silos, used only if the engine is Orleans; 0 takes a free one. Default: 0, as a silo that is alone is called by nobody.</summary>
    public int SiloPort { get; set; }

    /// <summary>Port for clients of the silo, used only if the engine is Orleans; 0 opens none. Default: 0.</summary>
    public int SiloGatewayPort { get; set; }

    /// <summary>Journal rows that may wait for the disk before reports are refused with 503. Default: 50,000.</summary>
    public int MaxWaitingRows { get; set; } = 50_000;

    /// <summary>Bytes of report bodies that may be in memory at once; beyond it reports are refused with 503. Default: 64 MiB.</summary>
    public long MaxBodyBytesInFlight { get; set; } = 64 * 1024 * 1024;

    /// <summary>Key that the tokens of sessions are signed with, at least 16 characters. Default: one made at the first start and kept in the data folder.</summary>
    public string? SecretKey { get; set; }

    /// <summary>How long an access token is good, in minutes. A shorter time costs more refreshes; sessions that end are refused at once anyway. Default: 30.</summary>
    public int AccessTokenMinutes { get; set; } = 30;

    /// <summary>Memory that hashing a password takes, in KiB. More makes guessing stolen hashes dearer, and so each sign-in here; at most four are under way at once. Default: 65536.</summary>
    public int PasswordMemoryKib { get; set; } = 65536;

    /// <summary>Passes over that memory. Default: 3.</summary>
    public int PasswordPasses { get; set; } = 3;

    internal static readonly string Usage = """
        usage: statusmonitor-server [--host ADDRESS] [--port PORT] [--data FOLDER] [--dashboard FOLDER]

          --host ADDRESS      address to listen on (127.0.0.1; 0.0.0.0 for all)
          --port PORT         port for dashboard, API and agents (8080; 0 takes a free one)
          --data FOLDER       database and operator key (./data)
          --dashboard FOLDER  the built dashboard (wwwroot beside the program)
        """;

    private static readonly string[] Flags = ["host", "port", "data", "dashboard", "silo-port", "silo-gateway-port", "max-waiting-rows", "max-body-bytes-in-flight"];

    internal IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <summary>Reads the options, or says what is wrong in a sentence that names the option.</summary>
    internal static bool TryRead(string[] args, IConfiguration configuration, [NotNullWhen(true)] out ServerOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = null;
        if (FlagProblem(args) is { } flagProblem)
        {
            problem = $"{flagProblem}\n\n{Usage}";
            return false;
        }

        var read = new ServerOptions();
        try
        {
            configuration.Bind(read);
        }
        catch (InvalidOperationException exception)
        {
            // It names the option and the value; its cause only says what a number is.
            problem = exception.Message;
            return false;
        }

        problem = read.Problem();
        if (problem is not null) return false;
        options = read;
        return true;
    }

    internal static Dictionary<string, string> FlagMappings() =>
        Flags.ToDictionary(flag => $"--{flag}", flag => flag.Replace("-", "", StringComparison.Ordinal));

    private static string? FlagProblem(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !Flags.Contains(name[2..])) return $"'{args[i]}' is not an option of the server.";
            if (!args[i].Contains('=', StringComparison.Ordinal) && ++i == args.Length) return $"{name} needs a value.";
        }

        return null;
    }

    private string? Problem()
    {
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _)) return $"--host: '{Host}' is not an IP address. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all addresses.";
        if (Port is < 0 or > 65535) return string.Create(CultureInfo.InvariantCulture, $"--port: {Port} is not a port; give 0 to 65535.");
        if (Data.Length == 0) return "--data: give the folder for the database.";
        if (MaxWaitingRows < 256) return "--max-waiting-rows: give at least 256, the size of one batch.";
        if (MaxBodyBytesInFlight < Protocol.ReportLimits.MaxBodyBytes) return "--max-body-bytes-in-flight: give at least 1048576, the size of one body.";
        return null;
    }
}
