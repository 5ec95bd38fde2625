using System.ComponentModel;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Reflection;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Silo.Cluster;

namespace StatusMonitor.Gateway;

/// <summary>What the server is started with. Each can be given as a flag, as <c>STATUSMONITOR_…</c> in the environment, or in <c>appsettings.json</c>; the flag wins.</summary>
public sealed class ServerOptions
{
    /// <summary>Address to listen on: an IP address, or <c>localhost</c>. Default: 127.0.0.1, this machine only.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Port for everything; 0 takes a free one. Default: 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Folder of the database and the keys. Default: <c>data</c> in the current directory.</summary>
    public string Data { get; set; } = "data";

    /// <summary>
    /// PostgreSQL for everything but the keys, as <c>Host=...;Username=...;Database=...</c>. A password belongs in the environment (STATUSMONITOR_DATABASE, or PGPASSWORD alone) or in a
    /// password file: command lines are seen by everybody on the machine. Default: none; everything is in the data folder.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>Password for <see cref="Database"/>, if that has none; so a database and its servers can be given it as one file. No flag: command lines are seen by everybody on the machine. Default: none.</summary>
    public string? DatabasePassword { get; set; }

    /// <summary>
    /// Whether this server stands by for others that are started so on the same PostgreSQL: one of them is the active one, and another takes its place within seconds when it
    /// is gone. Default: no; a server is active from its start.
    /// </summary>
    public bool Standby { get; set; }

    /// <summary>Name of this server among those that stand by for each other. Default: the machine's.</summary>
    public string ServerName { get; set; } = Environment.MachineName;

    /// <summary>Folder of the built dashboard. Default: <c>wwwroot</c> beside the program.</summary>
    public string Dashboard { get; set; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>What this process is. Silos and gateways need <see cref="Database"/>, which is also where they find each other. Default: all, a whole server.</summary>
    public ServerRole Role { get; set; }

    /// <summary>Name of the cluster that silos and gateways belong to; others on the same database are apart. Default: statusmonitor.</summary>
    public string ClusterName { get; set; } = "statusmonitor";

    /// <summary>Address that the cluster's other members reach this silo at. Default: the one listened on (<see cref="Host"/>), which for a silo must not be all addresses.</summary>
    public string? ClusterAddress { get; set; }

    /// <summary>Port between silos, used only if the engine is Orleans; 0 takes a free one. Default: 0 for a silo that is alone, as nobody calls it; 11111 in a cluster.</summary>
    public int SiloPort { get; set; }

    /// <summary>Port for gateways, used only if the engine is Orleans; 0 opens none. Default: 0 for a silo that is alone; 30000 in a cluster.</summary>
    public int SiloGatewayPort { get; set; }

    /// <summary>Journal rows that may wait for the disk before reports are refused with 503. Default: 50,000.</summary>
    public int MaxWaitingRows { get; set; } = 50_000;

    /// <summary>Bytes of report bodies that may be in memory at once; beyond it reports are refused with 503. Default: 64 MiB.</summary>
    public long MaxBodyBytesInFlight { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether anybody may make an account. Default: if the server listens on this machine only and no proxy is trusted.</summary>
    public bool? SelfRegistration { get; set; }

    /// <summary>Key that the tokens of sessions are signed with, at least 16 characters. No flag: command lines are seen by everybody on the machine. Default: one made at the first start and kept in the data folder.</summary>
    public string? SecretKey { get; set; }

    /// <summary>How long an access token is good, in minutes. A shorter time costs more refreshes; sessions that end are refused at once anyway. Default: 30.</summary>
    public int AccessTokenMinutes { get; set; } = 30;

    /// <summary>How long a session that nobody uses is good, in days. Default: 7.</summary>
    public int RefreshTokenDays { get; set; } = 7;

    /// <summary>Memory that hashing a password takes, in KiB. More makes guessing stolen hashes dearer, and so each sign-in here; at most four are under way at once. Default: 65536.</summary>
    public int PasswordMemoryKib { get; set; } = 65536;

    /// <summary>Passes over that memory. Default: 3.</summary>
    public int PasswordPasses { get; set; } = 3;

    /// <summary>Attempts to sign in that a user name has in 15 minutes. Fewer keep guessing slower, and let strangers keep somebody out with less effort. Default: 10.</summary>
    public int MaxLoginsPerName { get; set; } = 10;

    /// <summary>Attempts to sign in that an address has in 15 minutes, IPv6 by its network of 64 bits. Default: 60.</summary>
    public int MaxLoginsPerAddress { get; set; } = 60;

    /// <summary>Accounts that an address may try to make in an hour. Default: 20.</summary>
    public int MaxRegistrationsPerAddress { get; set; } = 20;

    /// <summary>Days that the audit log is kept. Default: 365.</summary>
    public int AuditDays { get; set; } = 365;

    /// <summary>Days that incidents are kept after they were over, and notifications after they were sent. Default: 365.</summary>
    public int AlertDays { get; set; } = 365;

    /// <summary>Days that samples are kept as they came. About 0.7 bytes a value. Default: 7.</summary>
    public int HistoryRawDays { get; set; } = 7;

    /// <summary>Days that the history of a minute is kept; at least as many as the samples. Default: 90.</summary>
    public int HistoryMinuteDays { get; set; } = 90;

    /// <summary>Days that the history of fifteen minutes is kept; at least as many as that of a minute. Default: 730.</summary>
    public int HistoryQuarterDays { get; set; } = 730;

    /// <summary>Megabytes that must be free on the disk of the data folder; with less, reports are refused with 503 and agents keep them. With PostgreSQL it does not matter. Default: 200.</summary>
    public int MinFreeMb { get; set; } = 200;

    /// <summary>
    /// Megabytes that a PostgreSQL database may have; beyond it, reports are refused with 503 and agents keep them. Its disk must have more, for the write-ahead log and what comes in a minute. 0: no limit, and a
    /// full disk is found when PostgreSQL refuses to write. Default: 0.
    /// </summary>
    public int DatabaseMaxSize { get; set; }

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks (10.0.0.0/8), separated by commas. Anybody else's are ignored. Default: none.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>Pages of other origins that may use the classic endpoints, separated by commas. Default: where the older dashboard was served in development.</summary>
    public string CorsOrigins { get; set; } = "http://localhost:5173,http://localhost:5174";

    /// <summary>Minutes in which a host's new token must be used for the first time. Default: 5.</summary>
    public int TokenMinutes { get; set; } = 5;

    /// <summary>Where people reach the dashboard, as https://monitor.example.org; links in notifications begin with it. Default: none, and notifications have no links.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Whether notifications may be sent to loopback, private and other addresses that are not of the public internet. Whoever has an account may say where its notifications go, and so could reach
    /// what only this machine reaches. Default: no.
    /// </summary>
    public bool AllowPrivateChannels { get; set; }

    /// <summary>Token of a Telegram bot, as BotFather gave it. No flag: command lines are seen by everybody on the machine. Default: none, and there is no bot.</summary>
    public string? TelegramBotToken { get; set; }

    /// <summary>Where the Bot API is: Telegram's own, or a server of one's own that speaks it. Default: https://api.telegram.org.</summary>
    public string TelegramApiUrl { get; set; } = TelegramOptions.PublicApi;

    /// <summary>Whether Telegram brings what people send to the bot, to the public address, which must be one of https; else the server asks for it. Default: it asks.</summary>
    public bool TelegramWebhook { get; set; }

    /// <summary>User name of an account that gets a new password at this start, which is printed.</summary>
    public string? ResetPassword { get; set; }

    /// <summary>File that gets an enrolment token of an administrator when the server listens: good once, for ten minutes.</summary>
    public string? LocalEnrolment { get; set; }

    internal static readonly string Usage = """
        usage: statusmonitor-server [OPTION VALUE]...
               statusmonitor-server migrate --data FOLDER --database CONNECTION    (moves a data folder to PostgreSQL)

          --host ADDRESS              address to listen on (127.0.0.1; 0.0.0.0 for all)
          --port PORT                 port for dashboard, API and agents (8080; 0 takes a free one)
          --data FOLDER               database and keys (./data)
          --database CONNECTION       PostgreSQL for everything but the keys: "Host=...;Username=...;Database=..."; a password
                                      better in STATUSMONITOR_DATABASE or PGPASSWORD (none: all in the data folder)
          --standby BOOL              whether to wait until no other server with this option is active on the same PostgreSQL (false)
          --server-name NAME          what this server is called among them (the machine's name)
          --role ROLE                 all: a whole server; silo or gateway: a part of a cluster, which needs --database (all)
          --cluster-name NAME         cluster that a silo or gateway belongs to (statusmonitor)
          --cluster-address ADDRESS   where the others reach this silo (that of --host)
          --silo-port PORT            for other silos (11111 in a cluster)
          --silo-gateway-port PORT    for gateways (30000 in a cluster)
          --dashboard FOLDER          the built dashboard (wwwroot beside the program)
          --self-registration BOOL    whether anybody may make an account (true if only this machine reaches the server)
          --reset-password NAME       gives an account a new password and prints it
          --local-enrolment FILE      writes an enrolment token for this machine's agent there
          --trusted-proxies LIST      proxies whose X-Forwarded-For and -Proto are believed (none)
          --access-token-minutes N    how long an access token is good (30)
          --refresh-token-days N      how long an unused session is good (7)
          --token-minutes N           in which a host's new token must be used (5)
          --audit-days N              how long the audit log is kept (365)
          --alert-days N              how long incidents are kept after they were over (365)
          --history-raw-days N        how long samples are kept as they came (7)
          --history-minute-days N     how long their history by the minute is kept (90)
          --history-quarter-days N    how long their history by the quarter of an hour is kept (730)
          --public-url URL            where people reach the dashboard, for links in notifications (none)
          --allow-private-channels BOOL
                                      whether notifications may go to private addresses, such as a mail server inside (false)
          --telegram-api-url URL      where Telegram's Bot API is (https://api.telegram.org)
          --telegram-webhook BOOL     whether Telegram brings messages to the public URL, instead of being asked (false)
          --min-free-mb N             with less free on the disk of the data, reports are refused (200)
          --database-max-size MB      with a PostgreSQL database of this size, reports are refused (0: no limit)

        Further ones are in src/Gateway/ServerOptions.cs. Each is also read from the environment, as STATUSMONITOR_PORT;
        the key that tokens are signed with only from there: STATUSMONITOR_SECRETKEY (else made, and kept in the data folder), and
        the token of a Telegram bot: TELEGRAM_BOT_TOKEN. Secrets can also be in files: STATUSMONITOR_SECRETKEY_FILE names one, and so do
        STATUSMONITOR_DATABASE_FILE, STATUSMONITOR_DATABASEPASSWORD_FILE (the password alone) and STATUSMONITOR_TELEGRAMBOTTOKEN_FILE.
        """;

    // Names of the older StatusMonitor, and others that people know, which are honoured.
    private static readonly (string Classic, string Ours)[] ClassicNames =
    [
        ("SECRET_KEY", nameof(SecretKey)),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", nameof(AccessTokenMinutes)),
        ("REFRESH_TOKEN_EXPIRE_DAYS", nameof(RefreshTokenDays)),
        ("CORS_ORIGINS", nameof(CorsOrigins)),
        ("PUBLIC_URL", nameof(PublicUrl)),
        ("ALLOW_PRIVATE_CHANNELS", nameof(AllowPrivateChannels)),
        ("TELEGRAM_BOT_TOKEN", nameof(TelegramBotToken)),
        ("TELEGRAM_API_URL", nameof(TelegramApiUrl)),
    ];

    /// <summary>The example key of the older StatusMonitor, which stands in its repository for all to read.</summary>
    private const string KnownSecretKey = "change-me-in-production";

    private const int DefaultSiloPort = 11111;
    private const int DefaultSiloGatewayPort = 30000;

    private static readonly string[] Flags =
    [
        "host", "port", "data", "database", "standby", "server-name", "dashboard", "role", "cluster-name", "cluster-address", "silo-port", "silo-gateway-port", "max-waiting-rows", "max-body-bytes-in-flight",
        "self-registration", "access-token-minutes", "refresh-token-days", "password-memory-kib", "password-passes", "max-logins-per-name", "max-logins-per-address",
        "max-registrations-per-address", "audit-days", "alert-days", "trusted-proxies", "cors-origins", "token-minutes", "reset-password", "local-enrolment",
        "history-raw-days", "history-minute-days", "history-quarter-days", "min-free-mb", "database-max-size", "public-url", "allow-private-channels", "telegram-api-url", "telegram-webhook",
    ];

    /// <summary>Where the cluster is, for a silo or gateway of one.</summary>
    internal ClusterPlace Cluster => new(
        ClusterName, ClusterAddress is null ? Address : IPAddress.Parse(ClusterAddress), SiloPort == 0 ? DefaultSiloPort : SiloPort, SiloGatewayPort == 0 ? DefaultSiloGatewayPort : SiloGatewayPort);

    internal IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <summary>A proxy that is trusted brings requests from elsewhere, wherever the server listens.</summary>
    internal bool IsSelfRegistrationOn => SelfRegistration ?? (IPAddress.IsLoopback(Address) && Proxies.Length == 0);

    internal IPNetwork[] Proxies => [.. List(TrustedProxies).Select(text => NetworkOf(text)!.Value)];

    internal string[] Origins => List(CorsOrigins);

    /// <summary>Reads the options, or says what is wrong in a sentence that names the option.</summary>
    internal static bool TryRead(string[] args, IConfiguration configuration, [NotNullWhen(true)] out ServerOptions? options, [NotNullWhen(false)] out string? problem)
    {
        options = null;
        if (FlagProblem(args) is { } flagProblem)
        {
            problem = $"{flagProblem}\n\n{Usage}";
            return false;
        }

        if (!SecretFiles.TryRead(configuration, out var secrets, out problem)) return false;
        var read = new ServerOptions();
        try
        {
            configuration.Bind(read);
            new ConfigurationBuilder().AddInMemoryCollection(secrets).Build().Bind(read);
        }
        catch (InvalidOperationException exception)
        {
            problem = ValueProblem(configuration) ?? exception.Message;
            return false;
        }

        problem = read.Problem();
        if (problem is not null) return false;
        options = read;
        return true;
    }

    /// <summary>What is set under a name of the older StatusMonitor, by our own. Empty is not set, as in its example of an environment.</summary>
    internal static Dictionary<string, string?> ClassicValues(IConfiguration configuration) =>
        ClassicNames.Where(name => !string.IsNullOrEmpty(configuration[name.Classic])).ToDictionary(name => name.Ours, name => configuration[name.Classic]);

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

    private static string? ValueProblem(IConfiguration configuration)
    {
        foreach (var flag in Flags)
        {
            var property = typeof(ServerOptions).GetProperty(FlagMappings()[$"--{flag}"], BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public)!;
            if (configuration[property.Name] is not { } text) continue;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (type.IsEnum)
            {
                if (Enum.TryParse(type, text, ignoreCase: true, out _)) continue;
                return $"--{flag}: '{text}' is not one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}.";
            }

            if (type == typeof(string) || TypeDescriptor.GetConverter(type).IsValid(text)) continue;
            return $"--{flag}: '{text}' is not {(type == typeof(bool) ? "true or false" : "a whole number in range")}.";
        }

        return null;
    }

    private string? Problem()
    {
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _)) return $"--host: '{Host}' is not an IP address. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all addresses.";
        foreach (var (flag, port) in new[] { ("port", Port), ("silo-port", SiloPort), ("silo-gateway-port", SiloGatewayPort) })
        {
            if (port is < 0 or > 65535) return string.Create(CultureInfo.InvariantCulture, $"--{flag}: {port} is not a port; give 0 to 65535.");
        }

        if (Data.Length == 0) return "--data: give the folder for the database.";
        if (MaxWaitingRows < 256) return "--max-waiting-rows: give at least 256, the size of one batch.";
        if (MaxBodyBytesInFlight < Protocol.ReportLimits.MaxBodyBytes) return "--max-body-bytes-in-flight: give at least 1048576, the size of one body.";
        if (DatabaseProblem() is { } databaseProblem) return databaseProblem;
        if (Standby && Database is null) return "--standby: servers stand by for each other on one PostgreSQL; give --database.";
        if (string.IsNullOrWhiteSpace(ServerName) || ServerName.Length > 100) return "--server-name: give a name of at most 100 characters.";
        if (string.IsNullOrWhiteSpace(PublicUrl)) PublicUrl = null;
        if (PublicUrl is not null && !IsBaseAddress(PublicUrl)) return $"--public-url: '{PublicUrl}' is not an address; write it as https://monitor.example.org.";
        return ClusterProblem() ?? TelegramProblem() ?? AccessProblem();
    }

    private string? ClusterProblem()
    {
        if (string.IsNullOrWhiteSpace(ClusterAddress)) ClusterAddress = null;
        if (!Enum.IsDefined(Role)) return $"--role: '{Role}' is not one of all, silo, gateway.";
        if (Role == ServerRole.All) return null;
        var role = Role == ServerRole.Silo ? "silo" : "gateway";
        if (Standby) return $"--standby: a whole server stands by for another; leave it out with --role {role}.";
        if (!ClusterHosting.IsAvailable) return $"--role {role}: this server was built with the engine for one process, which has no cluster. Build it with Microsoft Orleans (-p:Engine=Orleans), or use --role all.";
        if (Database is null) return $"--role {role}: silos and gateways find each other in PostgreSQL and keep everything there; give it with --database.";
        if (ClusterName.Length is 0 or > 100 || !ClusterName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) return "--cluster-name: give 1 to 100 letters, digits, '-', '_' or '.'.";
        if (ClusterAddress is not null && !IPAddress.TryParse(ClusterAddress, out _)) return $"--cluster-address: '{ClusterAddress}' is not an IP address.";
        if (Role == ServerRole.Silo && (Cluster.Address.Equals(IPAddress.Any) || Cluster.Address.Equals(IPAddress.IPv6Any))) return "--cluster-address: this silo listens on all addresses; give the one that the others reach it at.";
        return null;
    }

    /// <summary>Puts the password into the connection string, so that whoever opens the database needs nothing else.</summary>
    private string? DatabaseProblem()
    {
        if (string.IsNullOrWhiteSpace(Database)) Database = null;
        if (string.IsNullOrEmpty(DatabasePassword)) return null;
        if (Database is null) return "STATUSMONITOR_DATABASEPASSWORD: there is no database that it is for; give that with --database.";
        var settings = new DbConnectionStringBuilder();
        try
        {
            settings.ConnectionString = Database;
        }
        catch (ArgumentException)
        {
            // Whoever opens it says so, as if it had come without a password.
            return null;
        }

        if (settings.ContainsKey("Password") || settings.ContainsKey("PWD") || settings.ContainsKey("PSW")) return "STATUSMONITOR_DATABASEPASSWORD: --database has a password as well; give one of them.";
        settings["Password"] = DatabasePassword;
        Database = settings.ConnectionString;
        return null;
    }

    private string? TelegramProblem()
    {
        TelegramBotToken = TelegramBotToken?.Trim();
        if (string.IsNullOrEmpty(TelegramBotToken)) TelegramBotToken = null;
        if (TelegramBotToken is { } token && (token.Length > 200 || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-'))) return "TELEGRAM_BOT_TOKEN: that is no token as BotFather gives it: 123456789:ABC...";
        if (string.IsNullOrWhiteSpace(TelegramApiUrl)) TelegramApiUrl = TelegramOptions.PublicApi;
        if (!IsBaseAddress(TelegramApiUrl)) return $"--telegram-api-url: '{TelegramApiUrl}' is not an address; write it as {TelegramOptions.PublicApi}.";
        if (TelegramWebhook && PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) != true) return "--telegram-webhook: Telegram brings messages to --public-url, which must begin with https://.";
        return null;
    }

    private string? AccessProblem()
    {
        if (string.IsNullOrEmpty(SecretKey)) SecretKey = null;
        if (SecretKey is { Length: < 16 }) return "SecretKey: give at least 16 characters, or none and the server makes a key.";
        if (SecretKey == KnownSecretKey) return $"SecretKey: '{KnownSecretKey}' is an example that everybody knows; give another, or none and the server makes a key.";
        (string Flag, int Value, int Min, int Max)[] numbers =
        [
            ("access-token-minutes", AccessTokenMinutes, 1, 1440),
            ("refresh-token-days", RefreshTokenDays, 1, 365),
            ("password-memory-kib", PasswordMemoryKib, 8, 4 * 1024 * 1024),
            ("password-passes", PasswordPasses, 1, 100),
            ("max-logins-per-name", MaxLoginsPerName, 1, 1000),
            ("max-logins-per-address", MaxLoginsPerAddress, 1, 1000),
            ("max-registrations-per-address", MaxRegistrationsPerAddress, 1, 1000),
            ("audit-days", AuditDays, 1, 36_500),
            ("alert-days", AlertDays, 1, 36_500),
            ("token-minutes", TokenMinutes, 1, 10_080),
            ("history-raw-days", HistoryRawDays, 1, 36_500),
            ("history-minute-days", HistoryMinuteDays, 1, 36_500),
            ("history-quarter-days", HistoryQuarterDays, 1, 36_500),
            ("min-free-mb", MinFreeMb, 0, 10_000_000),
            ("database-max-size", DatabaseMaxSize, 0, 2_000_000_000),
        ];
        foreach (var (flag, value, min, max) in numbers)
        {
            if (value < min || value > max) return string.Create(CultureInfo.InvariantCulture, $"--{flag}: {value} is out of range; give {min} to {max}.");
        }

        if (HistoryMinuteDays < HistoryRawDays) return string.Create(CultureInfo.InvariantCulture, $"--history-minute-days: {HistoryMinuteDays} is less than the {HistoryRawDays} of --history-raw-days; give at least as many.");
        if (HistoryQuarterDays < HistoryMinuteDays) return string.Create(CultureInfo.InvariantCulture, $"--history-quarter-days: {HistoryQuarterDays} is less than the {HistoryMinuteDays} of --history-minute-days; give at least as many.");
        if (ResetPassword is "") return "--reset-password: give the user name.";
        if (LocalEnrolment is "") return "--local-enrolment: give the file.";
        if (List(TrustedProxies).FirstOrDefault(text => NetworkOf(text) is null) is { } proxy) return $"--trusted-proxies: '{proxy}' is neither an address nor a network.";
        if (List(CorsOrigins).FirstOrDefault(text => !IsOrigin(text)) is { } origin) return $"--cors-origins: '{origin}' is not an origin; write it as https://example.org, without a path.";
        return null;
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IPNetwork? NetworkOf(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private static bool IsBaseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { UserInfo: "", Query: "", Fragment: "" } && uri.Host.Length > 0;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
