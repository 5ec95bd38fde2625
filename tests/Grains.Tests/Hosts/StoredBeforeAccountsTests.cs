using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>States as they were stored before there were accounts: word for word what that version wrote.</summary>
public sealed class StoredBeforeAccountsTests : SiloTests
{
    private const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Host = """
        {"Name":"web-1","Tokens":[{"Hash":"14eb9d8ee3bfeefd3cdb85e15b3dbefb4a4f1dd17ea86f1b5cf2d1fc1b4b4b9e","ExpiresAt":"2026-11-22T04:05:00+00:00","IsActivated":false},{"Hash":"HASH","ExpiresAt":"2026-11-22T04:06:00+00:00","IsActivated":true}],"Agent":{"Version":"0.1.0","Hostname":"web-1","Os":"Debian","Kernel":"6.1","Architecture":"x64","Cpu":"EPYC"},"BootId":"boot-1","OfflineSince":null}
        """;

    private const string Fleet = """{"Hosts":{"1":"web-1","17":"db-1"}}""";

    [Fact]
    public async Task AHost_IsNobodys_AndGoesOnAsItWas()
    {
        Assert.True(TokenHash.TryHash(Token, out var hash));
        await Silo.StoreAsync("host", Silo.Host(1), Host.Replace("HASH", hash.ToString(), StringComparison.Ordinal));

        var record = (await Silo.Host(1).GetRecord())!;
        Assert.Equal((1, "web-1", null, HostPeople.Nobody, DateTimeOffset.UnixEpoch, null, null), (record.Id, record.Name, record.Group, record.People, record.CreatedAt, record.LastSeen, record.DeletedAt));
        Assert.Empty(record.Tags);
        Assert.Equal([new TokenInfo(2, At("04:01"), At("04:06"), true, null)], record.Tokens.AsEnumerable());
        Assert.Same(HostPeople.Nobody, await Silo.Host(1).GetPeople());

        var agent = new TestAgent(Silo, 1, hash);
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
        Assert.Equal("EPYC", (await Silo.Host(1).GetSnapshot())!.Agent!.Cpu);
        await AssertSeenByAdministratorsAloneAsync();

        // Its numbers go on where they would have been.
        Assert.Equal(3, (await Silo.Host(1).IssueToken(replace: false))!.Id);
        await RestartAsync();
        Assert.Equal([2, 3], (await Silo.Host(1).GetRecord())!.Tokens.Select(token => token.Id));
        await AssertSeenByAdministratorsAloneAsync();
    }

    [Fact]
    public async Task AHost_CanBeGivenToSomebody()
    {
        await Silo.StoreAsync("host", Silo.Host(1), Host.Replace("HASH", TestAgent.NewHash().ToString(), StringComparison.Ordinal));
        await Silo.StoreAsync("fleet", Silo.Shard(1), Fleet);

        Assert.True(await Silo.Host(1).SetOwner(5));

        Assert.Equal("web-1", Assert.Single(await Silo.Shard(1).GetHosts(new Viewer(5, IsAdministrator: false))).Name);
    }

    [Fact]
    public async Task AFleet_HasItsHosts_AndStoresThemAnew()
    {
        // Nothing is asked of the hosts before the lines were looked at.
        var wake = new TaskCompletionSource();
        Silo.Faults.Tail = () => wake.Task;
        foreach (var id in new[] { 1, 17 }) await Silo.StoreAsync("host", Silo.Host(id), $$"""{"Name":"{{(id == 1 ? "web-1" : "db-1")}}","Tokens":[],"Agent":null,"BootId":null,"OfflineSince":null}""");
        await Silo.StoreAsync("fleet", Silo.Shard(1), Fleet);

        Assert.Equal([(1, "web-1", HostPeople.Nobody), (17, "db-1", HostPeople.Nobody)], (await Silo.Shard(1).GetHosts(null)).OrderBy(line => line.Id).Select(line => (line.Id, line.Name, line.People!)));
        await AssertSeenByAdministratorsAloneAsync();
        wake.SetResult();

        await Silo.RegisterAsync(33);
        var stored = await Silo.StoredAsync<FleetState>("fleet", Silo.Shard(1));
        Assert.Empty(stored.Hosts);
        Assert.Equal([(1, "web-1"), (17, "db-1"), (33, "web-1")], stored.Members.OrderBy(member => member.Key).Select(member => (member.Key, member.Value.Name)));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-22T{time}:00Z", System.Globalization.CultureInfo.InvariantCulture);

    private async Task AssertSeenByAdministratorsAloneAsync()
    {
        Assert.NotEmpty(await Silo.Shard(1).GetHosts(new Viewer(5, IsAdministrator: true)));
        Assert.Empty(await Silo.Shard(1).GetHosts(new Viewer(5, IsAdministrator: false)));
    }
}
