using System.Globalization;
using Microsoft.Playwright;
using StatusMonitor.EndToEnd.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests;

/// <summary>A fleet of more hosts than are drawn at once.</summary>
public sealed class LongFleetTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Hosts = 150;

    [BrowserTheory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task AllHosts_AreOneList_OfWhichOnlyWhatIsInSightIsDrawnAndLive(int width, int height)
    {
        using var product = await Product.StartAsync();
        var hosts = new List<(long Id, string Token)>();
        for (var i = 0; i < Hosts; i++) hosts.Add(await product.AddHostAsync(string.Create(CultureInfo.InvariantCulture, $"host-{i:000}")));
        await using var window = await chromium.OpenAsync(width, height);
        var page = window.Page;
        await window.SignInAsync(product.Address, product.Owner);
        await window.SeesAsync(window.HostRow(hosts[0].Id, "pending"), "the first host");
        Assert.InRange(await page.GetByTestId("host-row").CountAsync(), 1, 60);
        await window.SeesAsync(page.GetByText($"of {Hosts} hosts"), "how many there are");

        await page.EvaluateAsync("scrollTo(0, document.scrollingElement.scrollHeight)");
        await window.SeesAsync(window.HostRow(hosts[^1].Id, "pending"), "the last host at the end of the list");
        await window.NoLongerSeesAsync(window.HostRow(hosts[0].Id), "the first host at the end of the list");
        Assert.InRange(await page.GetByTestId("host-row").CountAsync(), 1, 60);

        // What is in sight is what is watched now.
        var report = new { seq = 1, bootId = "b", at = TimeProvider.System.GetUtcNow(), interval = 300, samples = new Dictionary<string, double> { ["cpu.percent"] = 42 } };
        await product.ReportAsync(hosts[^1].Token, report);
        await window.SeesAsync(window.HostRow(hosts[^1].Id, "online"), "the last host online by its report");
        await window.SeesAsync(window.HostRow(hosts[^1].Id).GetByTestId("cpu").GetByText("42"), "its CPU");

        await window.HostRow(hosts[^1].Id).GetByRole(AriaRole.Link).ClickAsync();
        await window.SeesAsync(window.TestId("cpu-chart"), "the page of the last host");
        await page.GoBackAsync();
        await window.SeesAsync(window.HostRow(hosts[^1].Id, "online"), "the list where it was left");

        await page.GetByLabel("Search hosts by name").FillAsync("host-007");
        await window.SeesAsync(window.HostRow(hosts[7].Id), "the host that was searched for");
        await window.NoLongerSeesAsync(window.HostRow(hosts[^1].Id), "a host that was not searched for");
        await page.GetByLabel("Search hosts by name").FillAsync("");
        await window.SeesAsync(window.HostRow(hosts[0].Id), "the list from its beginning");
        window.AssertNoErrors();
    }
}
