namespace StatusMonitor.Agent.Configuration;

/// <summary>What to do.</summary>
internal enum Command
{
    /// <summary>Watch this machine until stopped.</summary>
    Run,

    /// <summary>Print one report.</summary>
    Once,

    /// <summary>Print how to use it.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,
}

/// <summary>The command line, split but not yet checked: <see cref="OptionsReader"/> does that for all sources alike.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Values">What was given, by option.</param>
internal sealed record CommandLine(Command Command, IReadOnlyDictionary<string, string> Values)
{
    public const string Server = "--server";
    public const string Token = "--token";
    public const string TokenFile = "--token-file";
    public const string Interval = "--interval";
    public const string Spool = "--spool";
    public const string SpoolSize = "--spool-size";
    public const string Config = "--config";

    /// <summary>What <c>--help</c> prints.</summary>
    public const string HelpText = """
        Watches this machine and reports to a StatusMonitor server.

        Usage: statusmonitor-agent [options]

          --server URL         address of the server, such as https://monitor.example.org
          --token TOKEN        this machine's token from the dashboard; others can see it in the list of processes
          --token-file FILE    file that holds the token
          --interval SECONDS   time between two reports, 1 to 300 (default 5)
          --spool DIR          where reports wait for the server (default ~/.statusmonitor/spool)
          --spool-size MIB     size at which the oldest waiting reports are dropped (default 64)
          --config FILE        configuration file (default ~/.statusmonitor/agent_config.json)
          --once               print one report as JSON and exit; sends nothing
          --help               print this
          --version            print the version

        Environment: STATUSMONITOR_SERVER_URL, STATUSMONITOR_AGENT_TOKEN, STATUSMONITOR_INTERVAL, STATUSMONITOR_SPOOL
        Configuration file: {"server_url": "…", "agent_token": "…", "interval": 5, "spool": "…", "spool_size_mib": 64}
        Options win over the environment, and that over the file.

        Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or configuration.
        """;

    private static readonly string[] WithValue = [Server, Token, TokenFile, Interval, Spool, SpoolSize, Config];

    /// <summary>Splits the arguments; of an option given twice the last counts.</summary>
    /// <exception cref="UsageException">An argument is not known or lacks its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var command = Command.Run;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            switch (argument)
            {
                case "--help" or "-h" or "-?":
                    return new CommandLine(Command.Help, values);
                case "--version":
                    return new CommandLine(Command.Version, values);
                case "--once":
                    command = Command.Once;
                    continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (!WithValue.Contains(name)) throw new UsageException($"Unknown argument '{name}'. --help lists what there is.");
            if (equals < 0 && (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new UsageException($"{name} lacks its value. --help shows how to use it.");
            }

            values[name] = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
            if (values[name].Length == 0) throw new UsageException($"{name} has an empty value.");
        }

        return new CommandLine(command, values);
    }
}
