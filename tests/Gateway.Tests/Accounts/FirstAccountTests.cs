using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Accounts;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>What a start does for the person who starts the server.</summary>
public sealed class FirstAccountTests : IDisposable
{
    private readonly Folder _data = new();

    private string PasswordFile => _data.File(FirstAccount.FileName);

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task FirstStart_PrintsTheAdministratorOnceAndLeavesNoFile()
    {
        await using (var first = await RunningServer.StartAsync(data: _data))
        {
            Assert.Contains("\n  user:     admin\n  password: ", first.Printed, StringComparison.Ordinal);
            Assert.Matches("^[a-z2-9]{4}(-[a-z2-9]{4}){4}$", SignedIn.PrintedPassword(first.Printed));
            Assert.Contains("Whoever reaches this server can make an account", first.Printed, StringComparison.Ordinal);
            Assert.False(File.Exists(PasswordFile));
            Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync("/api/v1/users")).StatusCode);
        }

        await using var second = await RunningServer.StartAsync(data: _data);
        Assert.Equal("", second.Printed);
    }

    [Fact]
    public async Task TwoServers_HaveTwoPasswords()
    {
        await using var one = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        Assert.NotEqual(one.Admin.Password, other.Admin.Password);
    }

    [Fact]
    public async Task KilledBeforeTheAccountIsMade_TheNextStartMakesItWithTheWrittenPassword()
    {
        await File.WriteAllTextAsync(PasswordFile, "written-before-the-end\n");
        await using var server = await RunningServer.StartAsync(data: _data);
        Assert.Equal("written-before-the-end", SignedIn.PrintedPassword(server.Printed));
        Assert.Equal("written-before-the-end", server.Admin.Password);
        Assert.False(File.Exists(PasswordFile));
    }

    [Fact]
    public async Task KilledBeforeItIsPrinted_TheNextStartPrintsItAndMakesNoOther()
    {
        string password;
        await using (var first = await RunningServer.StartAsync(data: _data)) password = first.Admin.Password;
        await File.WriteAllTextAsync(PasswordFile, $"{password}\n");

        await using var second = await RunningServer.StartAsync(data: _data);
        Assert.Equal(password, SignedIn.PrintedPassword(second.Printed));
        Assert.False(File.Exists(PasswordFile));
        var users = await JsonDocument.ParseAsync(await second.Http.GetStreamAsync("/api/v1/users"));
        Assert.Equal(1, users.RootElement.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Process_SaysItOnStandardOutputBeforeItListensAndKeepsItOutOfTheLog()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--local-enrolment", _data.File("enrolment"));
        var address = await server.ListeningAsync();
        var lines = server.Output.Split('\n').ToList();
        var user = lines.IndexOf("  user:     admin");
        Assert.InRange(user, 0, lines.FindIndex(line => line.Contains("Listening on", StringComparison.Ordinal)));
        var password = SignedIn.PrintedPassword(server.Output)!;
        Assert.Equal($"  password: {password}", lines[user + 1]);
        Assert.Single(lines, line => line.Contains(password, StringComparison.Ordinal));
        using var admin = await SignedIn.InAsync(address, "admin", password);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.File("enrolment")));
    }

    [Fact]
    public async Task ResetPassword_PrintsAnotherAndEndsWhatTheOldOneOpened()
    {
        string old, token;
        await using (var first = await RunningServer.StartAsync(data: _data))
        {
            (old, token) = (first.Admin.Password, first.Admin.AccessToken);
            using var visitor = new Visitor(first);
            for (var i = 0; i < 10; i++) await visitor.TryLoginAsync("admin", "wrong");
        }

        await using var second = await RunningServer.StartAsync(options => options.ResetPassword = "ADMIN", data: _data);
        Assert.Contains("\n  user:     admin\n  password: ", second.Printed, StringComparison.Ordinal);
        Assert.NotEqual(old, SignedIn.PrintedPassword(second.Printed));
        using var former = new Visitor(second) { AccessToken = token };
        Assert.False(await former.IsLetInAsync());
        (await former.TryLoginAsync("admin", old)).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
    }

    [Fact]
    public async Task ResetPasswordOfADisabledAccount_SaysSo()
    {
        await using (var first = await RunningServer.StartAsync(data: _data))
        {
            var user = await first.SignInAsync("disabled one");
            using var admin = new Visitor(first) { AccessToken = first.Admin.AccessToken };
            await admin.SendAsync("PATCH", $"/api/v1/users/{user.Id}", new { isDisabled = true });
        }

        await using var second = await RunningServer.StartAsync(options => options.ResetPassword = "disabled one", data: _data, signsIn: false);
        Assert.Contains("The account is disabled", second.Printed, StringComparison.Ordinal);
        using var visitor = new Visitor(second);
        (await visitor.TryLoginAsync("disabled one", SignedIn.PrintedPassword(second.Printed)!)).AssertProblem(HttpStatusCode.Forbidden, "account-disabled");
    }

    [Fact]
    public async Task ResetPasswordOfNobody_EndsTheStart()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--reset-password", "nobody");
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("--reset-password: nobody has the user name 'nobody'.", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalEnrolment_IsAnAdministratorsTokenForTenMinutesAndOneUse()
    {
        var path = _data.Write("enrolment", "what an earlier start has left, readable to all");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var server = await RunningServer.StartAsync(options => options.LocalEnrolment = path, data: _data);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var text = await File.ReadAllTextAsync(path);
        Assert.Matches($"^sme_{server.Admin.Id}_[0-9a-f]{{64}}\n$", text);
        var listed = Assert.Single((await JsonDocument.ParseAsync(await server.Http.GetStreamAsync("/api/v1/account/enrolment-tokens"))).RootElement.EnumerateArray());
        Assert.Equal(1, listed.GetProperty("uses").GetInt32());
        Assert.InRange(listed.GetProperty("expiresAt").GetDateTimeOffset() - listed.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10));

        var account = server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(server.Admin.Id);
        Assert.True(TokenHash.TryHash(text.Trim().Split('_')[2], out var hash));
        Assert.NotNull(await account.RedeemEnrolment(hash));
        Assert.Null(await account.RedeemEnrolment(hash));
    }

    [Fact]
    public async Task LocalEnrolmentThatCannotBeWritten_EndsTheStart()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--local-enrolment", "/proc/nowhere/enrolment");
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("--local-enrolment: '/proc/nowhere/enrolment' cannot be written", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }
}
