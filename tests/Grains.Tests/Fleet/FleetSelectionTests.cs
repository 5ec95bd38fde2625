using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Fleet;

/// <summary>A page that the shards put together is the one that somebody would get who had all lines and put them in order.</summary>
public sealed class FleetSelectionTests : SiloTests
{
    private static readonly HostStatus[] Statuses = Enum.GetValues<HostStatus>();
    private readonly Random _random = new(20261123);

    /// <param name="step">From one host id to the next; 16 puts all hosts into one shard, which is as uneven as can be.</param>
    [Theory]
    [InlineData(1, 700)]
    [InlineData(16, 300)]
    [InlineData(5, 40)]
    [InlineData(1, 0)]
    public async Task Page_IsThatOfAllLinesInOrder(int step, int hosts)
    {
        var lines = new Dictionary<long, HostSummary>();
        for (var i = 0; i < hosts; i++) await UpdateAsync(lines, Line(1 + ((long)i * step)));
        await AssertPagesAsync(lines, 150);

        // Some change hands or go, and are found where they are now alone.
        foreach (var id in lines.Keys.Where(_ => _random.Next(3) == 0).ToArray())
        {
            if (_random.Next(3) > 0)
            {
                await UpdateAsync(lines, Line(id));
                continue;
            }

            lines.Remove(id);
            await Silo.Shard(id).Remove(id);
        }

        await AssertPagesAsync(lines, 150);
    }

    [Fact]
    public async Task OnePersonsHosts_AmongMany_AreAllThatIsAnswered()
    {
        var lines = new Dictionary<long, HostSummary>();
        for (var id = 1L; id <= 500; id++) await UpdateAsync(lines, Line(id) with { People = new HostPeople(id % 100 == 0 ? 7 : 8, id == 250 ? [new HostShare(7, HostAccess.Read)] : []) });

        var selection = await FleetSelection.ReadAsync(Silo.Client, new FleetQuestion(), new Viewer(7, IsAdministrator: false), 0, 100);
        Assert.Equal([100, 200, 250, 300, 400, 500], selection.Lines.Select(line => line.Id).Order());
        Assert.Equal((6, 6), (selection.Matched, selection.ByStatus.Sum()));
        Assert.Equal(lines.Values.Where(line => selection.Lines.Contains(line)).Select(line => line.Group).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count(), selection.Groups.Length);
    }

    private async Task AssertPagesAsync(Dictionary<long, HostSummary> lines, int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            var question = new FleetQuestion(
                Any("web", "1", "RED", ""), Any(Statuses), Any("Oslo", "berlin"), Any("red", "GREEN"), (FleetSort)_random.Next(7), _random.Next(2) == 0);
            var viewer = new Viewer(_random.Next(0, 5), IsAdministrator: _random.Next(3) == 0);
            var (offset, limit) = (_random.Next(3) == 0 ? 0 : _random.Next(lines.Count + 20), _random.Next(1, 200));

            var selection = await FleetSelection.ReadAsync(Silo.Client, question, viewer, offset, limit);

            var visible = lines.Values.Where(line => (line.People ?? HostPeople.Nobody).AccessOf(viewer) > HostAccess.None).ToList();
            var wanted = Ordered(visible.Where(question.Matches), question).ToList();
            Assert.Equal(wanted.Skip(offset).Take(limit).Select(line => line.Id), selection.Lines.Select(line => line.Id));
            Assert.Equal(wanted.Count, selection.Matched);
            Assert.Equal(Statuses.Select(status => visible.Count(line => line.Status == status)), selection.ByStatus);
            Assert.Equal(Choices(visible.Select(line => line.Group).OfType<string>()), selection.Groups.Select(word => word.ToUpperInvariant()));
            Assert.Equal(Choices(visible.SelectMany(line => line.Tags!.Value)), selection.Tags.Select(word => word.ToUpperInvariant()));
        }
    }

    /// <summary>The order in the words of LINQ.</summary>
    private static IEnumerable<HostSummary> Ordered(IEnumerable<HostSummary> hosts, FleetQuestion question)
    {
        Func<HostSummary, double?>? value = question.Sort switch
        {
            FleetSort.Name => null,
            FleetSort.Status => host => host.Status switch { HostStatus.Offline => 0, HostStatus.Late => 1, HostStatus.Online => 2, _ => 3 },
            FleetSort.Cpu => host => host.CpuPercent,
            FleetSort.Memory => host => host.MemoryPercent,
            FleetSort.Disk => host => host.DiskPercent,
            FleetSort.Network => host => host.RxBytesPerSecond + host.TxBytesPerSecond,
            _ => host => host.LastSeen?.ToUnixTimeMilliseconds(),
        };
        var sorted = value is null
            ? question.IsDescending ? hosts.OrderByDescending(host => host.Name, StringComparer.OrdinalIgnoreCase) : hosts.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase)
            : question.IsDescending ? hosts.OrderBy(host => value(host) is null).ThenByDescending(value) : hosts.OrderBy(host => value(host) is null).ThenBy(value);
        return value is null && question.IsDescending ? sorted.ThenByDescending(host => host.Id) : sorted.ThenBy(host => host.Name, StringComparer.OrdinalIgnoreCase).ThenBy(host => host.Id);
    }

    private static IEnumerable<string> Choices(IEnumerable<string> words) => words.Select(word => word.ToUpperInvariant()).Distinct().Order(StringComparer.Ordinal);

    private Task UpdateAsync(Dictionary<long, HostSummary> lines, HostSummary line)
    {
        lines[line.Id] = line;
        return Silo.Shard(line.Id).Update(line);
    }

    private HostSummary Line(long id) => new(
        id,
        $"{Any("web", "WEB", "db") ?? "x"}-{_random.Next(30)}",
        Statuses[_random.Next(Statuses.Length)],
        Value() is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null,
        Value(),
        Value(),
        Value(),
        Value(),
        Value(),
        People: new HostPeople(_random.Next(0, 5), _random.Next(4) == 0 ? [new HostShare(_random.Next(1, 5), HostAccess.Read)] : []),
        Group: Any("oslo", "Berlin", "berlin"),
        Tags: [.. new[] { "red", "green", "Blue" }.Where(_ => _random.Next(3) == 0)]);

    /// <summary>Few different ones, so that many are alike.</summary>
    private double? Value() => _random.Next(5) == 0 ? null : _random.Next(20);

    private T? Any<T>(params T[] values) where T : class => _random.Next(2) == 0 ? null : values[_random.Next(values.Length)];

    private HostStatus? Any(HostStatus[] values) => _random.Next(3) > 0 ? null : values[_random.Next(values.Length)];
}
