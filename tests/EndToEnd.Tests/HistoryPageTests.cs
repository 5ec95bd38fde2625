using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StatusMonitor.EndToEnd.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests;

/// <summary>What the pages show of the past.</summary>
public sealed partial class HistoryPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task PastOfAHost_IsThereAfterACrashAndCanBeZoomedInto()
    {
        using var product = await Product.StartAsync();
        var (id, token) = await product.AddHostAsync("web-1");
        // More than the live view holds, and a silence in the middle.
        var ages = Enumerable.Range(0, 80).Select(i => (80 - i) * 30).Where(age => age is < 1000 or > 1500).ToArray();
        foreach (var age in ages) await product.ReportAsync(token, Report(age));
        await product.KillAsync();
        await product.StartAgainAsync();

        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.SignInAsync(product.Address, product.Owner);
        await page.GotoAsync(new Uri(product.Address, $"/hosts/{id}").AbsoluteUri);
        await window.SeesAsync(window.TestId("cpu-chart"), "the live chart");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = LastHour() }).ClickAsync();
        var chart = window.TestId("history-cpu");
        await window.SeesAsync(chart, "the chart of the last hour");
        Assert.EndsWith("?range=1h", page.Url, StringComparison.Ordinal);
        await NumberAsync("data-points", points => points >= ages.Length - 2, $"nearly all of {ages.Length} points");
        await NumberAsync("data-gaps", gaps => gaps >= 1, "the silence as a gap");
        await window.SeesAsync(page.GetByText("Host offline"), "what the gap means");
        await window.ScreenshotAsync("history");

        // Marked from the middle to three quarters, it is a quarter of the hour.
        var box = (await chart.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width * 0.5f, box.Y + box.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 0.75f, box.Y + box.Height / 2, new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();
        await page.WaitForURLAsync(Zoomed());
        await Window.NumberAsync(WidthAsync, width => width is > 600_000 and < 1_200_000, "about a quarter of an hour");
        await NumberAsync("data-points", points => points > 0 && points < ages.Length / 2.0, "only what is in it");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Export CSV" }).ClickAsync());
        Assert.Matches(@"^web-1.*\.csv$", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!);
        Assert.Equal("time,host,series,min,mean,max", lines[0]);
        Assert.Contains(lines, line => line.Contains(",web-1,cpu.percent,", StringComparison.Ordinal));

        await page.GoBackAsync();
        await NumberAsync("data-points", points => points >= ages.Length - 4, "the hour again");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Back to live" }).ClickAsync();
        await window.SeesAsync(window.TestId("cpu-chart"), "the live chart again");
        Assert.EndsWith($"/hosts/{id}", page.Url, StringComparison.Ordinal);
        window.AssertNoErrors();

        async Task<string?> WidthAsync() => await chart.EvaluateAsync<string>("chart => `${chart.dataset.to - chart.dataset.from}`");

        Task<double> NumberAsync(string attribute, Func<double, bool> isWanted, string what) => Window.NumberAsync(() => chart.GetAttributeAsync(attribute), isWanted, what);
    }

    private static object Report(int age) => new
    {
        seq = 10_000 - age,
        bootId = "boot",
        at = TimeProvider.System.GetUtcNow().AddSeconds(-age),
        interval = 30,
        samples = new Dictionary<string, double> { ["cpu.percent"] = age % 100, ["memory.used.bytes"] = 4e9, ["memory.total.bytes"] = 8e9, ["net.rx.bytes{nic=eth0}"] = 1e12 - age * 1e6 },
    };

    [GeneratedRegex("^1h:")]
    private static partial Regex LastHour();

    [GeneratedRegex(@"\?from=.+&to=.+")]
    private static partial Regex Zoomed();
}
