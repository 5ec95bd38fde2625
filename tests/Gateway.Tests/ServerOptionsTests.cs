using System.Data.Common;
using Microsoft.Extensions.Configuration;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests;

/// <summary>Where options come from.</summary>
public sealed class ServerOptionsTests : IDisposable
{
    private readonly Folder _secrets = new();

    public void Dispose() => _secrets.Dispose();

    [Fact]
    public void NamesOfTheOlderStatusMonitor_AreHonouredAndOursWin()
    {
        var options = Read(
            ("SECRET_KEY", "a classic secret key"), ("ACCESS_TOKEN_EXPIRE_MINUTES", "15"), ("REFRESH_TOKEN_EXPIRE_DAYS", "3"), ("CORS_ORIGINS", "https://one.example.org, https://two.example.org"),
            ("AccessTokenMinutes", "20"));
        Assert.Equal(("a classic secret key", 20, 3), (options.SecretKey, options.AccessTokenMinutes, options.RefreshTokenDays));
        Assert.Equal(["https://one.example.org", "https://two.example.org"], options.Origins);
    }

    [Fact]
    public void Empty_IsNotSet()
    {
        var options = Read(("SECRET_KEY", ""), ("ACCESS_TOKEN_EXPIRE_MINUTES", ""), ("SecretKey", ""));
        Assert.Equal((null, 30), (options.SecretKey, options.AccessTokenMinutes));
    }

    [Theory]
    [InlineData("fifteen letters", "give at least 16 characters")]
    [InlineData("change-me-in-production", "an example that everybody knows")]
    public void KeyThatIsNone_IsRefused(string key, string message)
    {
        Assert.False(ServerOptions.TryRead([], Configuration([("SECRET_KEY", key)]), out _, out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Retention_IsReadByTier()
    {
        var options = Read(("HistoryRawDays", "2"), ("HistoryMinuteDays", "30"), ("HistoryQuarterDays", "365"), ("MinFreeMb", "500"));
        Assert.Equal((2, 30, 365, 500), (options.HistoryRawDays, options.HistoryMinuteDays, options.HistoryQuarterDays, options.MinFreeMb));
    }

    [Theory]
    [InlineData("HistoryRawDays", "0", "--history-raw-days: 0 is out of range; give 1 to 36500.")]
    [InlineData("HistoryRawDays", "91", "--history-minute-days: 90 is less than the 91 of --history-raw-days; give at least as many.")]
    [InlineData("HistoryQuarterDays", "89", "--history-quarter-days: 89 is less than the 90 of --history-minute-days; give at least as many.")]
    [InlineData("DatabaseMaxSize", "-1", "--database-max-size: -1 is out of range; give 0 to 2000000000.")]
    [InlineData("MinFreeMb", "-1", "--min-free-mb: -1 is out of range; give 0 to 10000000.")]
    public void RetentionThatCannotBe_IsRefused(string name, string value, string message)
    {
        Assert.False(ServerOptions.TryRead([], Configuration([(name, value)]), out _, out var problem));
        Assert.Equal(message, problem);
    }

    [Fact]
    public void Role_IsAWholeServerUnlessSaid()
    {
        Assert.Equal(ServerRole.All, Read().Role);
        Assert.Equal(ServerRole.All, Read(("Role", "all")).Role);
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("gateway")]
    public void PartOfACluster_NeedsTheOtherEngineOrADatabase(string role)
    {
        Assert.False(ServerOptions.TryRead([], Configuration([("Role", role)]), out _, out var problem));
        var isCluster = StatusMonitor.Silo.Cluster.ClusterHosting.IsAvailable;
        Assert.Contains(isCluster ? "give it with --database" : "built with the engine for one process, which has no cluster", problem, StringComparison.Ordinal);
        Assert.StartsWith($"--role {role.ToLowerInvariant()}: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("7")]
    public void RoleThatIsNone_IsRefused(string role)
    {
        Assert.False(ServerOptions.TryRead([], Configuration([("Role", role)]), out _, out var problem));
        Assert.Equal($"--role: '{role}' is not one of all, silo, gateway.", problem);
    }

    [Fact]
    public void Channels_MayGoInside_OnlyIfSaid()
    {
        Assert.False(Read().AllowPrivateChannels);
        Assert.True(Read(("ALLOW_PRIVATE_CHANNELS", "true")).AllowPrivateChannels);
        Assert.True(Read(("AllowPrivateChannels", "true")).AllowPrivateChannels);
    }

    [Theory]
    [InlineData("monitor.example.org")]
    [InlineData("ftp://monitor.example.org")]
    [InlineData("https://user@monitor.example.org/")]
    [InlineData("https://monitor.example.org/?a=b")]
    public void PublicAddressThatIsNone_IsRefused(string value)
    {
        Assert.Equal("https://monitor.example.org/status", Read(("PublicUrl", "https://monitor.example.org/status")).PublicUrl);
        Assert.Null(Read(("PublicUrl", " ")).PublicUrl);
        Assert.False(ServerOptions.TryRead([], Configuration([("PublicUrl", value)]), out _, out var problem));
        Assert.StartsWith("--public-url:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TelegramBot_IsReadByItsUsualNames()
    {
        var options = Read(("TELEGRAM_BOT_TOKEN", " 123:abc_-D\n"), ("TELEGRAM_API_URL", "http://127.0.0.1:8081/base"));
        Assert.Equal(("123:abc_-D", "http://127.0.0.1:8081/base"), (options.TelegramBotToken, options.TelegramApiUrl));
        var none = Read(("TELEGRAM_BOT_TOKEN", ""), ("TELEGRAM_API_URL", ""));
        Assert.Equal((null, "https://api.telegram.org"), (none.TelegramBotToken, none.TelegramApiUrl));
    }

    [Theory]
    [InlineData("TELEGRAM_BOT_TOKEN", "123:a/b?c", "TELEGRAM_BOT_TOKEN:")]
    [InlineData("TELEGRAM_API_URL", "api.telegram.org", "--telegram-api-url:")]
    [InlineData("TelegramWebhook", "true", "--telegram-webhook:")]
    public void TelegramBotThatCannotBe_IsRefused_WithoutItsToken(string name, string value, string message)
    {
        Assert.False(ServerOptions.TryRead([], Configuration([(name, value)]), out _, out var problem));
        Assert.StartsWith(message, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("a/b?c", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_AreReadFromFiles_WithoutTheirLineEnd()
    {
        var options = Read(
            ("SECRETKEY_FILE", Secret("the key in a file\n")),
            ("Database", "Host=db;Username=statusmonitor"),
            ("DATABASEPASSWORD_FILE", Secret("p;w='x\" y\r\n")),
            ("TELEGRAMBOTTOKEN_FILE", Secret("\n")));
        Assert.Equal(("the key in a file", null), (options.SecretKey, options.TelegramBotToken));
        Assert.Equal("p;w='x\" y", new DbConnectionStringBuilder { ConnectionString = options.Database }["password"]);
        Assert.Equal("Host=db;Password=secret", Read(("DATABASE_FILE", Secret("Host=db;Password=secret"))).Database);
    }

    [Fact]
    public void SecretFileThatIsNone_IsRefused()
    {
        var missing = _secrets.File("missing");
        Assert.Contains($"STATUSMONITOR_SECRETKEY_FILE: '{missing}' cannot be read:", Problem(("SECRETKEY_FILE", missing)), StringComparison.Ordinal);
        Assert.Contains("cannot be read:", Problem(("SECRETKEY_FILE", _secrets.Path)), StringComparison.Ordinal);
        Assert.Contains("it has more than 64 KiB.", Problem(("SECRETKEY_FILE", Secret(new string('k', 65 * 1024)))), StringComparison.Ordinal);
        Assert.Equal("STATUSMONITOR_SECRETKEY_FILE: STATUSMONITOR_SECRETKEY is given as well; give one of them.", Problem(("SECRETKEY_FILE", Secret("the key in a file")), ("SecretKey", "another key of 16")));
        Assert.StartsWith("SecretKey: give at least 16 characters", Problem(("SECRETKEY_FILE", Secret("short"))), StringComparison.Ordinal);
    }

    [Fact]
    public void PasswordWithoutItsDatabase_OrASecondOne_IsRefused()
    {
        Assert.Equal("STATUSMONITOR_DATABASEPASSWORD: there is no database that it is for; give that with --database.", Problem(("DatabasePassword", "secret")));
        foreach (var written in new[] { "Password", "pwd" })
        {
            Assert.Equal("STATUSMONITOR_DATABASEPASSWORD: --database has a password as well; give one of them.", Problem(("DatabasePassword", "secret"), ("Database", $"Host=db;{written}=other")));
        }
    }

    private string Secret(string text) => _secrets.Write(Guid.NewGuid().ToString("N"), text);

    private static string Problem(params (string Name, string Value)[] values)
    {
        Assert.False(ServerOptions.TryRead([], Configuration(values), out _, out var problem));
        return problem;
    }

    private static ServerOptions Read(params (string Name, string Value)[] values)
    {
        Assert.True(ServerOptions.TryRead([], Configuration(values), out var options, out var problem), problem);
        return options;
    }

    private static IConfigurationRoot Configuration((string Name, string Value)[] values)
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value))).Build();
        return Server.WithFlags(given, []);
    }
}
