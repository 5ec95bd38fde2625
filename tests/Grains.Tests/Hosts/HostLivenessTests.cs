using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class HostLivenessTests
{
    private static readonly HostOptions Options = new();

    [Theory]
    [InlineData(1, 2, 15)]
    [InlineData(5, 10, 15)]
    [InlineData(10, 20, 30)]
    [InlineData(300, 600, 900)]
    public void TheBounds_FollowTheInterval(int interval, int late, int offline)
    {
        Assert.Equal(TimeSpan.FromSeconds(late), HostLiveness.LateAfter(TimeSpan.FromSeconds(interval), Options));
        Assert.Equal(TimeSpan.FromSeconds(offline), HostLiveness.OfflineAfter(TimeSpan.FromSeconds(interval), Options));
    }

    [Theory]
    [InlineData(5, 0, HostStatus.Online, 10_000)]
    [InlineData(5, 9_999, HostStatus.Online, 1)]
    [InlineData(5, 10_000, HostStatus.Online, 0)]
    [InlineData(5, 10_001, HostStatus.Late, 4_999)]
    [InlineData(5, 15_000, HostStatus.Late, 0)]
    [InlineData(5, 15_001, HostStatus.Offline, null)]
    [InlineData(5, 86_400_000, HostStatus.Offline, null)]
    [InlineData(1, 2_000, HostStatus.Online, 0)]
    [InlineData(1, 2_001, HostStatus.Late, 12_999)]
    [InlineData(1, 15_000, HostStatus.Late, 0)]
    [InlineData(1, 15_001, HostStatus.Offline, null)]
    [InlineData(300, 600_000, HostStatus.Online, 0)]
    [InlineData(300, 600_001, HostStatus.Late, 299_999)]
    [InlineData(300, 900_000, HostStatus.Late, 0)]
    [InlineData(300, 900_001, HostStatus.Offline, null)]
    public void ASilence_MakesTheStatus(int interval, long silence, HostStatus status, int? changesIn) => Assert.Equal(
        (status, changesIn is null ? null : TimeSpan.FromMilliseconds(changesIn.Value)),
        HostLiveness.Evaluate(TimeSpan.FromMilliseconds(silence), TimeSpan.FromSeconds(interval), Options));

    [Fact]
    public void WhenTheStatusIsSaidToChange_ItChanges_AndNotBefore()
    {
        for (var interval = 0.5; interval <= 300; interval *= 1.37)
        {
            var silence = TimeSpan.Zero;
            var seen = new List<HostStatus>();
            while (true)
            {
                var (status, changesIn) = HostLiveness.Evaluate(silence, TimeSpan.FromSeconds(interval), Options);
                seen.Add(status);
                if (changesIn is not { } due) break;
                Assert.Equal(status, HostLiveness.Evaluate(silence + due, TimeSpan.FromSeconds(interval), Options).Status);
                silence += due + TimeSpan.FromTicks(1);
            }

            Assert.Equal([HostStatus.Online, HostStatus.Late, HostStatus.Offline], seen);
        }
    }

    [Fact]
    public void BoundsThatMeet_LeaveNoRoomForLate()
    {
        var options = new HostOptions { LateAfterIntervals = 3, OfflineAfterIntervals = 3, MinOfflineAfter = TimeSpan.Zero };

        Assert.Equal((HostStatus.Online, TimeSpan.FromSeconds(15)), HostLiveness.Evaluate(TimeSpan.Zero, TimeSpan.FromSeconds(5), options));
        Assert.Equal((HostStatus.Offline, null), HostLiveness.Evaluate(TimeSpan.FromSeconds(15.001), TimeSpan.FromSeconds(5), options));
    }

    [Theory]
    [InlineData(HostStatus.Pending, "\"pending\"")]
    [InlineData(HostStatus.Online, "\"online\"")]
    [InlineData(HostStatus.Late, "\"late\"")]
    [InlineData(HostStatus.Offline, "\"offline\"")]
    public void AStatus_IsWrittenAsTheWordPeopleRead(HostStatus status, string json) => Assert.Equal(json, System.Text.Json.JsonSerializer.Serialize(status));
}
