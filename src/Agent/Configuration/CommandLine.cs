namespace StatusMonitor.Agent.Configuration;

/// <summary>What to do.</summary>
internal enum Command
{
    /// <summary>Watch this machine until stopped.</summary>
    Run,

    /// <summary>Print one report.</summary>
    Once,

    /// <summary>Add this machine to the server and write the configuration file.</summary>
    Enroll,

    /// <summary>Print how to use it.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,
}

/// <summary>The command line, split but not yet checked: <see cref="OptionsReader"/> does that for all sources alike.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Values">What was given, by option; empty for one that has no value.</param>
internal sealed record CommandLine(Command Command, IReadOnlyDictionary<string, string> Values)
{
    public const string Server = "--server";
    public const string Token = "--token";
    public const string TokenFile = "--token-file";
    public const string Interval = "--interval";
    public const string Spool = "--spool";
    public const string SpoolSize = "--spool-size";
    public const string Config = "--config";
    public const string Name = "--name";
    public const string Force = "--force";

    /// <summary>What <c>--help</c> prints.</summary>
    public const string HelpText = """
        Watches this machine and reports to a StatusMonitor server.

        Usage: statusmonitor-agent [options]
               statusmonitor-agent enroll --server URL (--token TOKEN | --token-file FILE) [--name NAME] [--config FILE] [--force]

        Options:
          --server URL         address of the server, such as https://monitor.example.org; given again, or with commas, further
                               addresses of the same fleet, which are tried in turn when one does not answer
          --token TOKEN        this machine's token from the dashboard; others can see it in the list of processes
          --token-file FILE    file that holds the token
          --interval SECONDS   time between two reports, 1 to 300 (default 5)
          --spool DIR          where reports wait for the server (default ~/.statusmonitor/spool)
          --spool-size MIB     size at which the oldest waiting reports are dropped (default 64)
          --config FILE        configuration file (default ~/.statusmonitor/agent_config.json)
          --once               print one report as JSON and exit; sends nothing
          --help               print this
          --version            print the version

        enroll adds this machine to the server and writes the server's address and this machine's token into the
        configuration file, so that the agent needs no options afterwards:
          --token, --token-file  an enrolment token from the dashboard
          --name NAME            name of the new host (default: the name of this machine)
          --force                also if the configuration file has a token, which is replaced

        Environment: STATUSMONITOR_SERVER_URL, STATUSMONITOR_AGENT_TOKEN, STATUSMONITOR_INTERVAL, STATUSMONITOR_SPOOL
        Configuration file: {"server_url": "…", "agent_token": "…", "interval": 5, "spool": "…", "spool_size_mib": 64}
        Several servers: "server_urls": ["…", "…"] in place of server_url; commas between them in STATUSMONITOR_SERVER_URL
        Options win over the environment, and that over the file. What none of them says may stand in INGESTION_URL, AGENT_TOKEN,
        INTERVAL or COLLECTION_INTERVAL, as the older StatusMonitor's agent has them.

        Exit codes: 0 stopped as asked, or enrolled; 1 failed; 2 wrong usage or configuration.
        """;

    private static readonly string[] WithValue = [Server, Token, TokenFile, Interval, Spool, SpoolSize, Config, Name];
    private static readonly string[] OnlyToRun = [Interval, Spool, SpoolSize];
    private static readonly string[] OnlyToEnroll = [Name, Force];

    /// <summary>Splits the arguments; of an option given twice the last counts, but servers add up.</summary>
    /// <exception cref="UsageException">An argument is not known, lacks its value or does not belong to the command.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        // Both spellings are right, on one side of an ocean each.
        var command = arguments is ["enroll" or "enrol", ..] ? Command.Enroll : Command.Run;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = command == Command.Enroll ? 1 : 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            switch (argument)
            {
                case "--help" or "-h" or "-?":
                    return new CommandLine(Command.Help, values);
                case "--version":
                    return new CommandLine(Command.Version, values);
                case "--once" when command != Command.Enroll:
                    command = Command.Once;
                    continue;
                case Force:
                    values[Force] = "";
                    continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (!WithValue.Contains(name)) throw new UsageException($"Unknown argument '{name}'. --help lists what there is.");
            if (equals < 0 && (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new UsageException($"{name} lacks its value. --help shows how to use it.");
            }

            var value = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
            if (value.Length == 0) throw new UsageException($"{name} has an empty value.");
            values[name] = name == Server && values.TryGetValue(Server, out var others) ? $"{others},{value}" : value;
        }

        if (command != Command.Enroll && OnlyToEnroll.FirstOrDefault(values.ContainsKey) is { } enrolling) throw new UsageException($"{enrolling} is for 'enroll' only. --help shows how to use it.");
        if (command == Command.Enroll && OnlyToRun.FirstOrDefault(values.ContainsKey) is { } running) throw new UsageException($"{running} is not for 'enroll': give it when you start the agent.");
        return new CommandLine(command, values);
    }
}
