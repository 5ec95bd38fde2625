using System.Globalization;
using StatusMonitor.Agent.Connection;

namespace StatusMonitor.Agent.Configuration;

/// <summary>
/// Makes the options out of command line, environment and configuration file; the first that has a value wins. What none of them says may
/// stand in the variables of the older StatusMonitor's agent. They come last because their names are nobody's own: an <c>INTERVAL</c> that is
/// meant for another program must not change what was written down for this one.
/// </summary>
/// <param name="commandLine">The command line.</param>
/// <param name="environment">Gives the value of an environment variable, or null.</param>
/// <param name="home">The user's home directory, or null if there is none.</param>
internal sealed class OptionsReader(CommandLine commandLine, Func<string, string?> environment, string? home)
{
    public const string ServerVariable = "STATUSMONITOR_SERVER_URL";
    public const string TokenVariable = "STATUSMONITOR_AGENT_TOKEN";
    public const string IntervalVariable = "STATUSMONITOR_INTERVAL";
    public const string SpoolVariable = "STATUSMONITOR_SPOOL";

    private const string ClassicServerVariable = "INGESTION_URL";
    private const string ClassicTokenVariable = "AGENT_TOKEN";

    // The older agent reads this one; its documentation names the next.
    private const string ClassicIntervalVariable = "INTERVAL";
    private const string ClassicDocumentedIntervalVariable = "COLLECTION_INTERVAL";

    private const UnixFileMode ReadableByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<string> _warnings = [];

    /// <summary>A value and where it came from, as it reads in a sentence.</summary>
    private readonly record struct Setting(string Value, string Origin);

    /// <summary>What a careful person would want to know; filled by <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="UsageException">Something is missing or wrong; the message names it and where it came from.</exception>
    public AgentOptions Read()
    {
        var file = ReadFile();
        var servers = Servers(
            Find(CommandLine.Server, ServerVariable, file, ConfigFile.ServerUrl) ?? Find(null, null, file, ConfigFile.ServerUrls) ?? ClassicServer(),
            $"Give its address with {CommandLine.Server} https://…, with {ServerVariable}, or as {ConfigFile.ServerUrl} in the configuration file.");
        var token = Token(file);
        WarnIfNotEncrypted(servers);

        return new AgentOptions
        {
            Servers = servers,
            Token = token,
            Interval = Interval(file),
            SpoolDirectory = SpoolDirectory(file),
            SpoolBytes = SpoolBytes(file),
        };
    }

    /// <summary>Reads the interval alone, for who only wants to see a report.</summary>
    /// <exception cref="UsageException">As <see cref="Read"/>.</exception>
    public TimeSpan ReadInterval() => Interval(ReadFile());

    /// <summary>Reads and checks what <c>enroll</c> needs.</summary>
    /// <param name="machineName">The machine's own name, or null if it has none.</param>
    /// <exception cref="UsageException">As <see cref="Read"/>.</exception>
    public EnrolmentOptions ReadEnrolment(string? machineName)
    {
        var servers = Servers(Find(CommandLine.Server, ServerVariable, null, null), $"Give its address with {CommandLine.Server} https://…, or with {ServerVariable}.");
        var token = GivenToken() ?? throw new UsageException($"Which enrolment token? Make one on the dashboard, in your account, and give it with {CommandLine.TokenFile} or {CommandLine.Token}.");
        var name = commandLine.Values.GetValueOrDefault(CommandLine.Name) ?? machineName ?? throw new UsageException($"This machine has no name: give the host one with {CommandLine.Name}.");
        WarnIfNotEncrypted(servers);
        if (environment(TokenVariable) is { Length: > 0 }) _warnings.Add($"{TokenVariable} is set and wins over the token that is written now: take it out of the environment.");

        return new EnrolmentOptions
        {
            Servers = servers,
            Token = Checked(token),
            Name = name.Trim(),
            ConfigFile = ConfigPath() ?? throw new UsageException($"This user has no home directory: say with {CommandLine.Config} where the configuration file is to be."),
            HasOwnConfigFile = commandLine.Values.ContainsKey(CommandLine.Config),
            IsForced = commandLine.Values.ContainsKey(CommandLine.Force),
        };
    }

    private static Uri[] Servers(Setting? setting, string how)
    {
        if (setting is not { } given) throw new UsageException($"Where is the server? {how}");
        var addresses = given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length == 0) addresses = [given.Value];
        Uri[] servers = [.. addresses.Select(address => Server(given with { Value = address })).Distinct()];
        return servers.Length <= AgentOptions.MaxServers ? servers : throw new UsageException($"{given.Origin} must be {AgentOptions.MaxServers} addresses at most, and is {servers.Length}.");
    }

    private static Uri Server(Setting given)
    {
        if (!Uri.TryCreate(given.Value, UriKind.Absolute, out var server) || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps) || server.Host.Length == 0)
        {
            throw new UsageException($"{given.Origin} must be an address that begins with http:// or https://, and is '{given.Value}'.");
        }

        if (server.Query.Length > 0 || server.Fragment.Length > 0) throw new UsageException($"{given.Origin} must be an address without '?' and '#'.");
        if (server.UserInfo.Length > 0) throw new UsageException($"{given.Origin} must be an address without a user name; the token says who reports.");
        return server;
    }

    private static UsageException BadNumber(Setting given, string unit, double least, double most) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{given.Origin} must be a number of {unit} from {least} to {most}, and is '{given.Value}'."));

    /// <summary>Not shown in the message: it may be almost the right one.</summary>
    private static string Checked(Setting given)
    {
        var token = given.Value.Trim();
        return AgentToken.IsPlausible(token) ? token : throw new UsageException($"The token in {given.Origin} must be 1 to {AgentToken.MaxLength} letters, digits and signs without blanks.");
    }

    private string? ConfigPath() =>
        commandLine.Values.TryGetValue(CommandLine.Config, out var path) ? Path.GetFullPath(path)
        : home is null ? null
        : Path.Combine(home, ".statusmonitor", "agent_config.json");

    private ConfigFile ReadFile() =>
        ConfigPath() is { } path ? ConfigFile.Read(path, isRequired: commandLine.Values.ContainsKey(CommandLine.Config)) : new ConfigFile { Path = "" };

    private Setting? Find(string? option, string? variable, ConfigFile? file, string? key)
    {
        if (option is not null && commandLine.Values.TryGetValue(option, out var value)) return new Setting(value, option);
        if (variable is not null && Variable(variable) is { } set) return set;
        return key is not null && file?[key] is { } written ? new Setting(written, $"{key} in {file.Path}") : null;
    }

    private Setting? Variable(string name) => environment(name) is { Length: > 0 } value ? new Setting(value, name) : null;

    /// <summary>The older agent's variable may name the address that it posts to.</summary>
    private Setting? ClassicServer()
    {
        if (Variable(ClassicServerVariable) is not { } given) return null;
        var address = given.Value.TrimEnd('/');
        return given with { Value = address.EndsWith("/ingest", StringComparison.Ordinal) ? address[..^"/ingest".Length] : address };
    }

    private Setting? GivenToken()
    {
        if (commandLine.Values.TryGetValue(CommandLine.Token, out var value)) return new Setting(value, CommandLine.Token);
        return commandLine.Values.TryGetValue(CommandLine.TokenFile, out var path) ? new Setting(ReadTokenFile(path), path) : null;
    }

    private string Token(ConfigFile file)
    {
        if ((GivenToken() ?? Variable(TokenVariable)) is { } given) return Checked(given);
        if (Find(null, null, file, ConfigFile.AgentToken) is { } written)
        {
            WarnIfReadableByOthers(file.Path);
            return Checked(written);
        }

        return Checked(Variable(ClassicTokenVariable) ?? throw new UsageException(
            $"Which token? Make one on the dashboard and give it with {CommandLine.TokenFile}, {CommandLine.Token}, {TokenVariable}, or as {ConfigFile.AgentToken} in the configuration file."));
    }

    private string ReadTokenFile(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            WarnIfReadableByOthers(path);
            return text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The token file {path} cannot be read: {exception.Message}");
        }
    }

    private void WarnIfNotEncrypted(IEnumerable<Uri> servers)
    {
        foreach (var server in servers)
        {
            if (server.Scheme != Uri.UriSchemeHttp || server.IsLoopback) continue;
            _warnings.Add($"The connection to {server.Authority} is not encrypted: everyone on the way can read the reports and the token. Use https:// if the server offers it.");
        }
    }

    private void WarnIfReadableByOthers(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        if ((File.GetUnixFileMode(path) & ReadableByOthers) != 0) _warnings.Add($"Other users of this machine can read the token in {path}; chmod 600 keeps it to yourself.");
    }

    private TimeSpan Interval(ConfigFile file)
    {
        var setting = Find(CommandLine.Interval, IntervalVariable, file, ConfigFile.Interval) ?? Variable(ClassicIntervalVariable) ?? Variable(ClassicDocumentedIntervalVariable);
        if (setting is not { } given) return AgentOptions.DefaultInterval;
        var least = AgentOptions.MinInterval.TotalSeconds;
        var most = AgentOptions.MaxInterval.TotalSeconds;
        if (!double.TryParse(given.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || !(seconds >= least && seconds <= most))
        {
            throw BadNumber(given, "seconds", least, most);
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private string SpoolDirectory(ConfigFile file)
    {
        if (Find(CommandLine.Spool, SpoolVariable, file, ConfigFile.Spool) is { } given)
        {
            // The shell does this on a command line; nobody does in a file.
            return given.Value.StartsWith("~/", StringComparison.Ordinal) && home is not null ? Path.Combine(home, given.Value[2..]) : Path.GetFullPath(given.Value);
        }

        return home is not null
            ? Path.Combine(home, ".statusmonitor", "spool")
            : throw new UsageException($"This user has no home directory: say with {CommandLine.Spool} or {SpoolVariable} where reports may wait for the server.");
    }

    private long SpoolBytes(ConfigFile file)
    {
        if (Find(CommandLine.SpoolSize, null, file, ConfigFile.SpoolSizeMib) is not { } given) return AgentOptions.DefaultSpoolMebibytes * 1024L * 1024L;
        if (!double.TryParse(given.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var mebibytes)
            || !(mebibytes >= AgentOptions.MinSpoolMebibytes && mebibytes <= AgentOptions.MaxSpoolMebibytes))
        {
            throw BadNumber(given, "MiB", AgentOptions.MinSpoolMebibytes, AgentOptions.MaxSpoolMebibytes);
        }

        return (long)(mebibytes * 1024 * 1024);
    }
}
