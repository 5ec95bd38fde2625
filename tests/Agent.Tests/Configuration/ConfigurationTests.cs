using System.Text;
using StatusMonitor.Agent.Configuration;

namespace StatusMonitor.Agent.Tests.Configuration;

public sealed class CommandLineTests
{
    [Fact]
    public void BothSpellings_AreRead()
    {
        var line = CommandLine.Parse(["--server", "http://a", "--token=x=y", "--interval", "7"]);
        Assert.Equal(Command.Run, line.Command);
        Assert.Equal(("http://a", "x=y", "7"), (line.Values["--server"], line.Values["--token"], line.Values["--interval"]));
    }

    [Theory]
    [InlineData("--once", Command.Once)]
    [InlineData("--help", Command.Help)]
    [InlineData("-h", Command.Help)]
    [InlineData("--version", Command.Version)]
    internal void Commands_AreRead(string argument, Command command) => Assert.Equal(command, CommandLine.Parse(["--interval", "5", argument]).Command);

    [Theory]
    [InlineData("enroll")]
    [InlineData("enrol")]
    public void Enroll_IsReadInBothSpellings(string word)
    {
        var line = CommandLine.Parse([word, "--server=http://a", "--token-file", "f", "--name", "web 1", "--force"]);
        Assert.Equal(Command.Enroll, line.Command);
        Assert.Equal(("http://a", "f", "web 1"), (line.Values["--server"], line.Values["--token-file"], line.Values["--name"]));
        Assert.True(line.Values.ContainsKey("--force"));
        Assert.Equal(Command.Help, CommandLine.Parse([word, "--help"]).Command);
    }

    [Theory]
    [InlineData("Unknown argument 'enroll'", "--server", "http://a", "enroll")]
    [InlineData("Unknown argument '--once'", "enroll", "--once")]
    [InlineData("Unknown argument '--force'", "enroll", "--force=yes")]
    [InlineData("--interval is not for 'enroll'", "enroll", "--interval", "5")]
    [InlineData("--spool is not for 'enroll'", "enrol", "--spool", "/s")]
    [InlineData("--name is for 'enroll' only", "--name", "web-1")]
    [InlineData("--force is for 'enroll' only", "--force")]
    [InlineData("Unknown argument '--sever'", "--sever", "http://a")]
    [InlineData("Unknown argument 'http://a'", "http://a")]
    [InlineData("--server lacks its value", "--server")]
    [InlineData("--server lacks its value", "--server", "--token", "x")]
    [InlineData("--token has an empty value", "--token=")]
    public void WrongUsage_IsNamed(string message, params string[] arguments) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message, StringComparison.Ordinal);
}

public sealed class OptionsReaderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("agent-home-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Flags_WinOverEnvironmentOverFile()
    {
        WriteConfig("""{"server_url": "http://file", "agent_token": "filetoken", "interval": 30, "spool": "/file", "spool_size_mib": 8}""");
        var fromFile = Read();
        Assert.Equal(("file", "filetoken", 30.0, "/file", 8L << 20), Shown(fromFile));

        _environment["STATUSMONITOR_SERVER_URL"] = "http://environment";
        _environment["STATUSMONITOR_AGENT_TOKEN"] = "environmenttoken";
        _environment["STATUSMONITOR_INTERVAL"] = "20";
        _environment["STATUSMONITOR_SPOOL"] = "/environment";
        Assert.Equal(("environment", "environmenttoken", 20.0, "/environment", 8L << 20), Shown(Read()));

        Assert.Equal(
            ("flag", "flagtoken", 1.5, "/flag", 2L << 20),
            Shown(Read("--server", "https://flag", "--token", "flagtoken", "--interval", "1.5", "--spool", "/flag", "--spool-size", "2")));
    }

    [Fact]
    public void Defaults_AreFiveSecondsAndASpoolAtHome()
    {
        var options = Read("--server", "http://a", "--token", "t");
        Assert.Equal(("a", "t", 5.0, Path.Combine(_home, ".statusmonitor", "spool"), 64L << 20), Shown(options));
    }

    [Fact]
    public void ClassicVariables_AreTakenWhereNothingOfOursIsSaid()
    {
        _environment["INGESTION_URL"] = "http://classic:8001/ingest";
        _environment["AGENT_TOKEN"] = "classictoken";
        _environment["COLLECTION_INTERVAL"] = "15";
        var spool = Path.Combine(_home, ".statusmonitor", "spool");
        Assert.Equal(("classic", "classictoken", 15.0, spool, 64L << 20), Shown(Read()));
        _environment["INTERVAL"] = "10";
        Assert.Equal(10, Read().Interval.TotalSeconds);

        WriteConfig("""{"server_url": "http://file", "agent_token": "filetoken", "interval": 30}""");
        Assert.Equal(("file", "filetoken", 30.0, spool, 64L << 20), Shown(Read()));

        File.Delete(Path.Combine(_home, ".statusmonitor", "agent_config.json"));
        _environment["STATUSMONITOR_SERVER_URL"] = "http://environment";
        _environment["STATUSMONITOR_AGENT_TOKEN"] = "environmenttoken";
        _environment["STATUSMONITOR_INTERVAL"] = "20";
        Assert.Equal(("environment", "environmenttoken", 20.0, spool, 64L << 20), Shown(Read()));
        Assert.Equal("flag", Read("--server", "http://flag").Servers[0].Host);
    }

    [Theory]
    [InlineData("http://a:8001", "http://a:8001/")]
    [InlineData("http://a:8001/", "http://a:8001/")]
    [InlineData("http://a:8001/ingest", "http://a:8001/")]
    [InlineData("http://a:8001/ingest/", "http://a:8001/")]
    [InlineData("http://a/monitor/ingest", "http://a/monitor")]
    [InlineData("http://a/ingest/monitor", "http://a/ingest/monitor")]
    public void ClassicAddress_LosesThePathItPostsTo(string given, string server)
    {
        _environment["INGESTION_URL"] = given;
        Assert.Equal(server, Read("--token", "t").Servers[0].AbsoluteUri);
    }

    [Theory]
    [InlineData("INTERVAL")]
    [InlineData("COLLECTION_INTERVAL")]
    [InlineData("INGESTION_URL")]
    public void WrongClassicVariable_IsNamed(string variable)
    {
        _environment[variable] = "often";
        Assert.Contains($"{variable} must be", Error(variable == "INGESTION_URL" ? ["--token", "t"] : ["--server", "http://a", "--token", "t"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Enrolment_IsReadFromFlagsWithTheMachinesNameAndTheUsualFile()
    {
        var options = ReadEnrolment("--server", "http://a", "--token", "sme_1_a");
        Assert.Equal(("a", "sme_1_a", "machine", Path.Combine(_home, ".statusmonitor", "agent_config.json")), (options.Servers[0].Host, options.Token, options.Name, options.ConfigFile));
        Assert.False(options.IsForced || options.HasOwnConfigFile);

        var path = Path.Combine(_home, "token");
        File.WriteAllText(path, "sme_2_b\n");
        _environment["STATUSMONITOR_SERVER_URL"] = "https://environment";
        options = ReadEnrolment("--token-file", path, "--name", " web 1 ", "--config", Path.Combine(_home, "other.json"), "--force");
        Assert.Equal(("environment", "sme_2_b", "web 1", Path.Combine(_home, "other.json")), (options.Servers[0].Host, options.Token, options.Name, options.ConfigFile));
        Assert.True(options.IsForced && options.HasOwnConfigFile);
    }

    [Theory]
    [InlineData("Where is the server? Give its address with --server", "--token", "t")]
    [InlineData("Which enrolment token?", "--server", "http://a")]
    [InlineData("--server must be an address that begins with http:// or https://", "--server", "a:8080", "--token", "t")]
    [InlineData("The token in --token must be", "--server", "http://a", "--token", "two words")]
    [InlineData("cannot be read", "--server", "http://a", "--token-file", "/no/such/file")]
    public void WrongEnrolment_IsNamed(string message, params string[] arguments)
    {
        // The agent's own token is no enrolment token.
        _environment["STATUSMONITOR_AGENT_TOKEN"] = "agent";
        Assert.Contains(message, Assert.Throws<UsageException>(() => ReadEnrolment(arguments)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnrolmentWithoutNameOrHome_AsksForThem()
    {
        string[] arguments = ["enroll", "--server", "http://a", "--token", "t"];
        Assert.Contains("--name", Assert.Throws<UsageException>(() => new OptionsReader(CommandLine.Parse(arguments), _ => null, _home).ReadEnrolment(null)).Message, StringComparison.Ordinal);
        Assert.Contains("--config", Assert.Throws<UsageException>(() => new OptionsReader(CommandLine.Parse(arguments), _ => null, null).ReadEnrolment("m")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokenInTheEnvironment_IsWarnedOfBecauseItWins()
    {
        _environment["STATUSMONITOR_AGENT_TOKEN"] = "agent";
        var reader = Reader(["enroll", "--server", "http://monitor.example.org", "--token", "t"]);
        reader.ReadEnrolment("machine");
        Assert.Equal(2, reader.Warnings.Count);
        Assert.Contains("not encrypted", reader.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("STATUSMONITOR_AGENT_TOKEN is set and wins", reader.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyVariable_IsNoVariable()
    {
        _environment["STATUSMONITOR_INTERVAL"] = "";
        Assert.Equal(TimeSpan.FromSeconds(5), Read("--server", "http://a", "--token", "t").Interval);
    }

    [Fact]
    public void CommentsTrailingCommasUnknownKeysAndByteOrderMark_AreTolerated()
    {
        WriteConfig("\uFEFF// mine\n{\n \"server_url\": \"http://file/monitor/\", /* here */\n \"agent_token\": \"t\", \"auto_start\": false, \"interval\": \"7\",\n}\n");
        var options = Read();
        Assert.Equal("http://file/monitor/", options.Servers[0].AbsoluteUri);
        Assert.Equal(7, options.Interval.TotalSeconds);
    }

    [Fact]
    public void EmptyTextsOfTheDesktopAgentsFile_AreUnset()
    {
        WriteConfig("""{"server_url": "http://a", "agent_token": "", "interval": 5, "auto_start": false}""");
        Assert.Contains("Which token?", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigOption_NamesAnotherFileWhichMustExist()
    {
        var path = Path.Combine(_home, "other.json");
        Assert.Contains($"The configuration file {path} cannot be read", Error("--config", path), StringComparison.Ordinal);
        File.WriteAllText(path, """{"server_url": "http://other", "agent_token": "t"}""");
        Assert.Equal("other", Read("--config", path).Servers[0].Host);
    }

    [Fact]
    public void UnreadableJson_IsNamedWithFileAndLineAndWithoutItsContent()
    {
        WriteConfig("{\n  \"server_url\": \"http://a\",\n  \"agent_token\": geheim\n}");
        var error = Error();
        Assert.Contains("agent_config.json is not valid JSON: see line 3", error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"interval": true}""", "interval in", "must be a number")]
    [InlineData("""{"server_url": 5}""", "server_url in", "must be a text in quotes")]
    [InlineData("""["a"]""", "is not a JSON object", "")]
    [InlineData("""{"server_url": "http://a", "agent_token": "t", "interval": 0.5}""", "interval in", "from 1 to 300, and is '0.5'")]
    [InlineData("""{"server_url": "http://a", "agent_token": "t", "spool_size_mib": 0}""", "spool_size_mib in", "from 1 to")]
    public void WrongValueInFile_NamesKeyAndFile(string json, string key, string message)
    {
        WriteConfig(json);
        var error = Error();
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_home, ".statusmonitor", "agent_config.json"), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--interval must be a number of seconds from 1 to 300, and is '301'", "--interval", "301")]
    [InlineData("--interval must be a number of seconds from 1 to 300, and is 'NaN'", "--interval", "NaN")]
    [InlineData("--interval must be a number of seconds from 1 to 300, and is '5s'", "--interval", "5s")]
    [InlineData("--spool-size must be a number of MiB from 1 to 1048576, and is '0.2'", "--spool-size", "0.2")]
    [InlineData("--server must be an address that begins with http:// or https://, and is 'monitor:8080'", "--server", "monitor:8080")]
    [InlineData("--server must be an address that begins with http:// or https://, and is 'ftp://a'", "--server", "ftp://a")]
    [InlineData("--server must be an address without '?'", "--server", "http://a/?x=1")]
    [InlineData("--server must be an address without a user name", "--server", "http://me:pass@a")]
    [InlineData("The token in --token must be", "--token", "two words")]
    [InlineData("The token in --token must be", "--token", "schlüssel")]
    public void WrongFlag_IsNamedWithItsValue(string message, string option, string value) =>
        Assert.Contains(message, Error("--server", "http://a", "--token", "t", option, value), StringComparison.Ordinal);

    [Fact]
    public void WrongVariable_IsNamed()
    {
        _environment["STATUSMONITOR_INTERVAL"] = "often";
        Assert.Contains("STATUSMONITOR_INTERVAL must be a number of seconds", Error("--server", "http://a", "--token", "t"), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_IsNeverShown() => Assert.DoesNotContain("secr et", Error("--server", "http://a", "--token", "secr et"), StringComparison.Ordinal);

    [Fact]
    public void NoServer_IsAskedFor() => Assert.Contains("Where is the server?", Error("--token", "t"), StringComparison.Ordinal);

    [Fact]
    public void TokenFile_IsReadAndTrimmed()
    {
        var path = Path.Combine(_home, "token");
        File.WriteAllText(path, "abc123\n");
        Assert.Equal("abc123", Read("--server", "http://a", "--token-file", path).Token);
        Assert.Contains("cannot be read", Error("--server", "http://a", "--token-file", path + "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenThatOthersCanRead_IsWarnedOf()
    {
        WriteConfig("""{"server_url": "http://127.0.0.1", "agent_token": "t"}""");
        var path = Path.Combine(_home, ".statusmonitor", "agent_config.json");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("Other users of this machine can read the token", Assert.Single(Warnings()), StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Empty(Warnings());
    }

    [Theory]
    [InlineData("http://monitor.example.org", true)]
    [InlineData("https://monitor.example.org", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://localhost:8080", false)]
    public void UnencryptedWay_IsWarnedOf(string server, bool isWarned) =>
        Assert.Equal(isWarned, Warnings("--server", server, "--token", "t").Any(warning => warning.Contains("not encrypted", StringComparison.Ordinal)));

    [Fact]
    public void SeveralServers_AreReadFromEachSourceInTheirOrder()
    {
        WriteConfig("""{"server_urls": ["http://a", "https://b/monitor", "http://a"], "agent_token": "t"}""");
        Assert.Equal(["http://a/", "https://b/monitor"], Read().Servers.Select(server => server.AbsoluteUri));
        WriteConfig("""{"server_url": "http://c,http://d", "agent_token": "t"}""");
        Assert.Equal(["c", "d"], Read().Servers.Select(server => server.Host));
        _environment["STATUSMONITOR_SERVER_URL"] = " http://e , http://f,";
        Assert.Equal(["e", "f"], Read().Servers.Select(server => server.Host));
        Assert.Equal(["g", "h", "i"], Read("--server", "http://g,http://h", "--server=http://i").Servers.Select(server => server.Host));
        Assert.Equal(["g", "h"], ReadEnrolment("--server", "http://g", "--server", "http://h", "--token", "sme_1_a").Servers.Select(server => server.Host));
        Assert.Equal(2, Warnings("--server", "http://g.example,http://h.example,https://i.example").Count(warning => warning.Contains("not encrypted", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"server_urls": "http://a", "agent_token": "t"}""", "must be a list of texts in quotes")]
    [InlineData("""{"server_urls": ["http://a", 8080], "agent_token": "t"}""", "must be a list of texts in quotes")]
    [InlineData("""{"server_urls": ["http://a"], "server_url": "http://b", "agent_token": "t"}""", "has both server_url and server_urls: keep one of them")]
    [InlineData("""{"server_urls": [], "agent_token": "t"}""", "Where is the server?")]
    [InlineData("""{"server_urls": ["http://a", "b"], "agent_token": "t"}""", "must be an address that begins with http:// or https://, and is 'b'")]
    [InlineData("""{"server_url": ",", "agent_token": "t"}""", "must be an address that begins with http:// or https://, and is ','")]
    public void WrongServers_AreNamed(string config, string message)
    {
        WriteConfig(config);
        Assert.Contains(message, Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreServersThanThereCanBe_AreRefused() =>
        Assert.Contains("--server must be 16 addresses at most, and is 17", Error("--token", "t", "--server", string.Join(',', Enumerable.Range(1, 17).Select(number => $"http://s{number}"))), StringComparison.Ordinal);

    [Fact]
    public void SpoolInFile_MayBeginAtHome()
    {
        WriteConfig("""{"server_url": "http://a", "agent_token": "t", "spool": "~/reports"}""");
        Assert.Equal(Path.Combine(_home, "reports"), Read().SpoolDirectory);
    }

    [Fact]
    public void UserWithoutHome_IsAskedForASpool()
    {
        var reader = new OptionsReader(CommandLine.Parse(["--server", "http://a", "--token", "t"]), _ => null, home: null);
        Assert.Contains("no home directory", Assert.Throws<UsageException>(reader.Read).Message, StringComparison.Ordinal);
    }

    private static (string, string, double, string, long) Shown(AgentOptions options) =>
        (options.Servers[0].Host, options.Token, options.Interval.TotalSeconds, options.SpoolDirectory, options.SpoolBytes);

    private void WriteConfig(string json)
    {
        Directory.CreateDirectory(Path.Combine(_home, ".statusmonitor"));
        File.WriteAllBytes(Path.Combine(_home, ".statusmonitor", "agent_config.json"), Encoding.UTF8.GetBytes(json));
    }

    private OptionsReader Reader(string[] arguments) => new(CommandLine.Parse(arguments), _environment.GetValueOrDefault, _home);

    private AgentOptions Read(params string[] arguments) => Reader(arguments).Read();

    private EnrolmentOptions ReadEnrolment(params string[] arguments) => Reader(["enroll", .. arguments]).ReadEnrolment("machine");

    private string Error(params string[] arguments) => Assert.Throws<UsageException>(() => Reader(arguments).Read()).Message;

    private IReadOnlyList<string> Warnings(params string[] arguments)
    {
        var reader = Reader(arguments);
        reader.Read();
        return reader.Warnings;
    }
}
