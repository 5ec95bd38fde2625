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
        Assert.Equal("http://file/monitor/", options.Server.AbsoluteUri);
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
        Assert.Equal("other", Read("--config", path).Server.Host);
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
        (options.Server.Host, options.Token, options.Interval.TotalSeconds, options.SpoolDirectory, options.SpoolBytes);

    private void WriteConfig(string json)
    {
        Directory.CreateDirectory(Path.Combine(_home, ".statusmonitor"));
        File.WriteAllBytes(Path.Combine(_home, ".statusmonitor", "agent_config.json"), Encoding.UTF8.GetBytes(json));
    }

    private OptionsReader Reader(string[] arguments) => new(CommandLine.Parse(arguments), _environment.GetValueOrDefault, _home);

    private AgentOptions Read(params string[] arguments) => Reader(arguments).Read();

    private string Error(params string[] arguments) => Assert.Throws<UsageException>(() => Reader(arguments).Read()).Message;

    private IReadOnlyList<string> Warnings(params string[] arguments)
    {
        var reader = Reader(arguments);
        reader.Read();
        return reader.Warnings;
    }
}
