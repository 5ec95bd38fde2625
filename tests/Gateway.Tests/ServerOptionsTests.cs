using Microsoft.Extensions.Configuration;

namespace StatusMonitor.Gateway.Tests;

/// <summary>Where options come from.</summary>
public sealed class ServerOptionsTests
{
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
