using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>Tests of one host's alerts, with rules of its owner's.</summary>
public abstract class AlertTests : SiloTests
{
    private protected static readonly SeriesSet Cpu = new(["cpu.percent"]);

    private protected static AlertRule Hot { get; } = new() { Name = "Hot", Kind = AlertKind.Threshold, Series = "cpu.percent", Threshold = 90 };

    private protected IRuleBookGrain Book => Silo.Client.GetGrain<IRuleBookGrain>(TestSilo.Owner);

    /// <summary>A host whose owner has these rules alone.</summary>
    private protected async Task<TestAgent> HostAsync(params AlertRule[] rules)
    {
        var book = Book;
        foreach (var rule in await book.Get()) await book.Remove(rule.Id);
        foreach (var rule in rules) await book.Add(rule);
        return await Silo.EnrolAsync(1);
    }

    /// <summary>Sends a sample for each value, an interval apart, the first of them an interval after the newest before, in one batch.</summary>
    private protected async Task SendAsync(TestAgent agent, params double[] cpu)
    {
        foreach (var value in cpu)
        {
            Time.Advance(agent.Interval);
            await agent.SendAsync(agent.Report(value));
        }
    }

    private protected Task<HostAlertsState> StoredAsync() => Silo.StoredAsync<HostAlertsState>("alerts", Silo.Host(1));

    /// <summary>What was told so far, and that it is all there was to be told.</summary>
    private protected async Task<string> StoryAsync()
    {
        await Silo.SettleAsync(1);
        var told = await Silo.Desk.ToldAsync((int)((await StoredAsync())?.LastNumber ?? 0));
        Assert.Equal(told.Select(transition => transition.Id), told.Select(transition => transition.Id).Distinct());
        Assert.Equal(Enumerable.Range(1, told.Length).Select(number => $"1-{number}"), told.Select(transition => transition.Id));
        return string.Join(' ', told.Select(transition => transition.Kind.ToString() + (transition.IsTold ? "" : "(untold)")));
    }

    private protected long Ago(TimeSpan time) => Time.Milliseconds - (long)time.TotalMilliseconds;
}
