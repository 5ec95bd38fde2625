using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Silo;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>The notice about the server itself.</summary>
public sealed class AwayNoticeTests : DeskTests
{
    [Fact]
    public async Task AfterTheServerWasAway_AdministratorsAreTold_Once()
    {
        await StartAsync();
        var directory = Silo.Client.GetGrain<IAccountDirectoryGrain>(0);
        var administrator = (await directory.Create("root", "hash", AccountRole.Administrator)).Account!.Id;
        var user = (await directory.Create("alice", "hash", AccountRole.User)).Account!.Id;
        foreach (var account in new[] { administrator, user })
        {
            await Silo.Client.GetGrain<IAlertDeskGrain>(account).AddChannel(new AlertChannel { Name = $"{account}", Kind = ChannelKind.Webhook });
        }

        var notice = Notice((Now.AddDays(-3), Now.AddDays(-2)), (Now.AddMinutes(-92), Now.AddMinutes(-2)));
        Assert.True(await notice.TellAsync(default));
        var told = await Webhook.NextAsync("the notice");
        Assert.Equal((MessageKind.Server, "StatusMonitor was away for 1 h 30 min"), (told.Message.Kind, told.Message.Title));

        // Another start right after it.
        Assert.True(await notice.TellAsync(default));
        await Silo.Client.GetGrain<IAlertDeskGrain>(administrator).Notice("another", "Another", "");
        Assert.Equal("Another", (await Webhook.NextAsync("another notice")).Message.Title);
        Assert.Equal(2, Webhook.Tries.Count);
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(4000, 90_000)]
    public async Task AShortAbsence_OrOneOfLongAgo_IsNobodysBusiness(int seconds, int ago)
    {
        await StartAsync();

        Assert.False(await Notice((Now.AddSeconds(-ago - seconds), Now.AddSeconds(-ago))).TellAsync(default));
    }

    [Fact]
    public async Task WithoutAnAbsence_NothingIsTold()
    {
        await StartAsync();

        Assert.False(await Notice().TellAsync(default));
    }

    private AwayNotice Notice(params (DateTimeOffset From, DateTimeOffset To)[] gaps) => new(
        new Absences([.. gaps.Select(gap => new TimeRange(gap.From.ToUnixTimeMilliseconds(), gap.To.ToUnixTimeMilliseconds()))]), Silo.Client, Time, NullLogger<AwayNotice>.Instance);

    /// <summary>A history of absences alone.</summary>
    private sealed class Absences(IReadOnlyList<TimeRange> gaps) : IHistory
    {
        public Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SampleBlock> ReadSamplesAsync(long hostId, ImmutableArray<int> seriesIds, long from, long to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RollupBlock>> ReadRollupsAsync(IReadOnlyList<RollupQuestion> questions, RollupReading reading, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken) => Task.FromResult(gaps);
    }
}
