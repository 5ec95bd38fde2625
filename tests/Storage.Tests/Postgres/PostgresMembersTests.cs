using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>What processes say of themselves in the database, and how it is forgotten.</summary>
[NeedsPostgres]
public sealed class PostgresMembersTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, 123, TimeSpan.Zero);
    private readonly PostgresDatabase _database = new(nameof(PostgresMembersTests));
    private readonly PostgresMembers _members;

    public PostgresMembersTests()
    {
        _database.Open().Dispose();
        _members = new PostgresMembers(_database.ConnectionString, "mine");
    }

    public void Dispose() => _members.Dispose();

    [SuiteFact]
    public async Task WhatWasSaidLast_IsRead_ByNameAndAddress()
    {
        await BeatAsync("b", "2", "old");
        await BeatAsync("b", "1", "second");
        await BeatAsync("a", "3", "first");
        await _members.BeatAsync("b", "2", Start.AddSeconds(1), "third", CancellationToken.None);

        var rows = await _members.ReadAsync(CancellationToken.None);

        Assert.Equal([("a", "3", Start, "first"), ("b", "1", Start, "second"), ("b", "2", Start.AddSeconds(1), "third")], rows.Select(row => (row.Name, row.Address, row.StartedAt, row.Facts)));
        Assert.All(rows, row => Assert.InRange(row.Silence, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
    }

    [SuiteFact]
    public async Task OfAnotherCluster_NothingIsShown()
    {
        await using var other = new PostgresMembers(_database.ConnectionString, "other");
        await other.BeatAsync("a", "1", Start, "x", CancellationToken.None);

        Assert.Empty(await _members.ReadAsync(CancellationToken.None));
        await _members.LeaveAsync("a", "1", CancellationToken.None);
        Assert.Single(await other.ReadAsync(CancellationToken.None));
    }

    [SuiteFact]
    public async Task WhoEnds_IsLeftOut()
    {
        await BeatAsync("a", "1");
        await BeatAsync("a", "2");
        await _members.LeaveAsync("a", "1", CancellationToken.None);
        Assert.Equal("2", Assert.Single(await _members.ReadAsync(CancellationToken.None)).Address);
    }

    [SuiteFact]
    public async Task WhoSaysNothingForAnHour_IsForgotten_ButMayComeBack()
    {
        await BeatAsync("a", "1");
        await BeatAsync("b", "1");
        _database.Execute("update statusmonitor.members set beat_at = beat_at - interval '59 min'");
        Assert.All(await _members.ReadAsync(CancellationToken.None), row => Assert.InRange(row.Silence, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60)));

        _database.Execute("update statusmonitor.members set beat_at = beat_at - interval '2 min'");
        Assert.Empty(await _members.ReadAsync(CancellationToken.None));
        Assert.Equal(2, _database.Count("select count(*) from statusmonitor.members"));
        await BeatAsync("b", "1");

        Assert.Equal("b", Assert.Single(await _members.ReadAsync(CancellationToken.None)).Name);
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.members"));
    }

    [SuiteFact]
    public async Task OfManyAddresses_TheLastAreGiven()
    {
        for (var i = 0; i < 201; i++) await BeatAsync("a", $"{i:000}");
        Assert.Equal(["001", "200"], (await _members.ReadAsync(CancellationToken.None)).Select(row => row.Address) is var given ? [given.First(), given.Last()] : []);
    }

    /// <summary>A server that stands by says so before any has led, and before the schema is there.</summary>
    [SuiteFact]
    public async Task WithoutOurSchema_ItFails_AndWorksOnceThatIsThere()
    {
        _database.Execute("drop schema statusmonitor cascade");
        await Assert.ThrowsAsync<StorageFailedException>(() => BeatAsync("a", "1"));
        await Assert.ThrowsAsync<StorageFailedException>(() => _members.ReadAsync(CancellationToken.None));
        _database.Open().Dispose();
        await BeatAsync("a", "1");
        Assert.Single(await _members.ReadAsync(CancellationToken.None));
    }

    private Task BeatAsync(string name, string address, string facts = "x") => _members.BeatAsync(name, address, Start, facts, CancellationToken.None);
}
