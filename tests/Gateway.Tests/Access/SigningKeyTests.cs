using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>What tokens are signed with.</summary>
public sealed class SigningKeyTests
{
    [Fact]
    public async Task MadeOnce_ForItsOwnerAloneAndStaysOverARestart()
    {
        using var data = new Folder();
        string token;
        await using (var first = await RunningServer.StartAsync(data: data))
        {
            token = first.Admin.AccessToken;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.File("signing.key")));
            Assert.Matches("^[0-9a-f]{64}\n$", await File.ReadAllTextAsync(data.File("signing.key")));
        }

        await using var second = await RunningServer.StartAsync(data: data);
        using var visitor = new Visitor(second) { AccessToken = token };
        Assert.True(await visitor.IsLetInAsync());
    }

    [Fact]
    public async Task LostKey_IsMadeAnewAndSignsEverybodyOut()
    {
        using var data = new Folder();
        string token;
        await using (var first = await RunningServer.StartAsync(data: data)) token = first.Admin.AccessToken;
        File.Delete(data.File("signing.key"));

        await using var second = await RunningServer.StartAsync(data: data);
        using var visitor = new Visitor(second) { AccessToken = token };
        Assert.False(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0123456789abcdef")]
    [InlineData("no hexadecimal digits at all, but sixty-four characters long ...")]
    public async Task BrokenKey_EndsTheStartAndIsNotReplaced(string content)
    {
        using var data = new Folder();
        await File.WriteAllTextAsync(data.File("signing.key"), content);
        using var server = ServerProcess.Start("--port", "0", "--data", data);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains($"The signing key in '{data.File("signing.key")}' is not 64 hexadecimal digits.", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(data.File("signing.key")));
    }

    [Fact]
    public void HalfWrittenDraft_IsNoKey()
    {
        using var data = new Folder();
        data.Write("signing.key.new", "half");
        File.SetUnixFileMode(data.File("signing.key.new"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.NotNull(SigningKey.Load(new ServerOptions { Data = data }, secrets: null));
        Assert.False(File.Exists(data.File("signing.key.new")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.File("signing.key")));
    }

    [PostgresFact]
    public async Task ServersOnOneDatabase_HaveTheKeyThatTheFirstBroughtAlong()
    {
        using var first = new Folder();
        using var second = new Folder();
        var own = SigningKey.Load(new ServerOptions { Data = first }, secrets: null);
        var database = new PostgresOptions { ConnectionString = PostgresCluster.Shared.EmptyDatabase("signing_key") };
        await using var store = new PostgresStore(Options.Create(database), TimeProvider.System, NullLogger<PostgresStore>.Instance);

        var keys = new[] { first, second, first }.Select(folder => SigningKey.Load(new ServerOptions { Data = folder }, new PostgresSecrets(store))).Select(BytesOf).ToArray();

        Assert.All(keys, key => Assert.Equal(BytesOf(own), key));
        Assert.False(File.Exists(second.File("signing.key")));

        static byte[] BytesOf(SigningKey key) => ((SymmetricSecurityKey)key.Credentials.Key).Key;
    }

    /// <summary>Shorter than the library takes, of one block, and longer: other programs with the same key agree about the signature.</summary>
    [Theory]
    [InlineData("sixteen letters.")]
    [InlineData("a key of exactly sixty-four characters, which is one whole block")]
    [InlineData("a key that is longer than one block of the hash, and which is therefore hashed itself before it is used as a key")]
    public async Task OwnKey_SignsAsEverybodyElseDoes(string secret)
    {
        await using var server = await RunningServer.StartAsync(options => options.SecretKey = secret);
        Assert.False(File.Exists(Path.Combine(server.Data, "signing.key")));
        var token = server.Admin.AccessToken;
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Jwt.Header(token).ToJsonString());

        // The same claims in the same order, signed here.
        var again = Jwt.Make(Jwt.Claims(token), Encoding.UTF8.GetBytes(secret));
        using var visitor = new Visitor(server) { AccessToken = again };
        Assert.True(await visitor.IsLetInAsync());
        Assert.Equal(token, again);
    }

    [Fact]
    public async Task AnotherServersToken_OpensNothing()
    {
        await using var one = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        using var visitor = new Visitor(other) { AccessToken = one.Admin.AccessToken };
        (await visitor.SendAsync("GET", "/api/v1/hosts")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }
}
