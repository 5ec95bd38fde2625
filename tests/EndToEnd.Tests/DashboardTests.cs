using System.Globalization;
using Microsoft.Playwright;
using StatusMonitor.EndToEnd.Tests.Support;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests;

/// <summary>The pages, with the hosts of somebody who is signed in.</summary>
public sealed class DashboardTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task ThisMachine_IsSeenLiveThroughEveryOutage()
    {
        using var product = await Product.StartAsync();
        using var network = new Network(product.Address);
        using var agentFolder = new Folder();
        var (id, token) = await product.AddHostAsync("this-machine");
        await using var window = await chromium.OpenAsync();
        var page = window.Page;

        await window.SignInAsync(product.Address, product.Owner);
        await window.SeesAsync(window.HostRow(id, "pending"), "the host without its agent");

        var agent = new AgentProcess(network.Address, token, agentFolder);
        try
        {
            await window.SeesAsync(window.HostRow(id, "online"), $"the host online; the agent said:\n{agent.Output}");
            await window.ScreenshotAsync("fleet-online");
            await window.HostRow(id).GetByRole(AriaRole.Link).ClickAsync();
            await window.SeesAsync(window.TestId("cpu-chart"), "the CPU chart");
            Assert.EndsWith($"/hosts/{id}", page.Url, StringComparison.Ordinal);

            await SeeCpuRiseAsync(window);
            await window.ScreenshotAsync("host-busy");

            await agent.StopAsync();
            await window.SeesAsync(window.Status("offline"), "the host offline after its agent stopped");
            agent.Dispose();
            agent = new AgentProcess(network.Address, token, agentFolder);
            await window.SeesAsync(window.Status("online"), "the host online after its agent started again");

            // The agent goes on while nothing reaches the server, and sends later what it has measured.
            var cutAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var pointsBefore = await Window.NumberAsync(() => ChartAsync(window, "data-points"), points => points > 0, "points of the chart before the cut");
            network.Cut();
            await window.SeesAsync(window.Status("offline"), "the host offline after the network was cut");
            await window.ScreenshotAsync("host-offline");
            network.Mend();
            var mendedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await window.SeesAsync(window.Status("online"), $"the host online after the network was mended; the agent said:\n{agent.Output}");

            await SeeGapFilledAsync(product, id, cutAt, mendedAt);
            var missed = (mendedAt - cutAt) / 1000 - 3;
            Assert.True(missed >= 10, "The cut was too short to tell anything.");
            var inRing = (await product.TimesAsync(id)).Length;
            await Window.NumberAsync(
                () => ChartAsync(window, "data-points"),
                points => points >= pointsBefore + missed && Math.Abs(points - inRing) <= 10,
                $"the points of the time of the cut on the chart, which had {pointsBefore} before, missed {missed}, and should have about {inRing}");
            await window.ScreenshotAsync("host-gap-filled");

            // The server itself goes away: the page says so, and mends itself.
            window.BeginOutage();
            await product.KillAsync();
            await window.SeesAsync(window.TestId("disconnected"), "that the page is not connected");
            await window.ScreenshotAsync("host-disconnected");
            await product.StartAgainAsync();
            await window.NoLongerSeesAsync(window.TestId("disconnected"), "that the page is not connected");
            await window.SeesAsync(window.Status("online"), "the host online after the server came back");
            var again = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await Patience.Until(async () => (await product.TimesAsync(id)).LastOrDefault() > again, () => $"a report after the restart; the agent said:\n{agent.Output}", TimeSpan.FromSeconds(60));
            window.EndOutage();

            await page.GotoAsync(product.Address.AbsoluteUri);
            await window.SeesAsync(window.HostRow(id, "online"), "the host online on the fleet page");
            window.AssertNoErrors();
        }
        finally
        {
            agent.Dispose();
        }
    }

    [BrowserTheory]
    [InlineData(1440, "light")]
    [InlineData(1440, "dark")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    public async Task EveryPage_FitsItsWindow(int width, string theme)
    {
        using var product = await Product.StartAsync();
        await using var window = await chromium.OpenAsync(width, width > 1000 ? 900 : 844, theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        var page = window.Page;
        await page.GotoAsync(product.Address.AbsoluteUri);
        await window.SeesAsync(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Register" }), "the page to sign in on");
        await AssertFitsAsync("sign-in");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Register" }).ClickAsync();
        await window.SeesAsync(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Register" }), "the page to register on");
        await AssertFitsAsync("register");
        await window.SignInAsync(product.Address, product.Owner);
        await window.SeesAsync(page.GetByText("Add your first machine"), "the page of a fleet without hosts");
        await AssertFitsAsync("fleet-empty");

        string[] names = ["web-1", "a-very-long-host-name-without-any-place-to-break-it.rack-17.datacentre-frankfurt.example.internal", "データベース", "never-reported"];
        var ids = new List<long>();
        foreach (var name in names)
        {
            var (id, token) = await product.AddHostAsync(name);
            ids.Add(id);
            if (name == "never-reported") continue;
            for (var age = 60; age >= 0; age -= 5) await product.ReportAsync(token, Report(age));
        }

        await page.ReloadAsync();
        foreach (var id in ids[..3]) await window.SeesAsync(window.HostRow(id, "online"), "the hosts online");
        await AssertFitsAsync("fleet");
        if (width > 1000)
        {
            // A group of two: cards and rows.
            await page.GetByText("Rows", new PageGetByTextOptions { Exact = true }).Or(page.GetByLabel("Rows")).First.ClickAsync();
            await window.SeesAsync(page.Locator("tr[data-testid=host-row]"), "the hosts as rows");
            await AssertFitsAsync("fleet-rows");
        }

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add host" }).ClickAsync();
        await window.SeesAsync(page.GetByRole(AriaRole.Dialog), "the dialog");
        await AssertFitsAsync("dialog");
        foreach (var id in ids[1..])
        {
            await page.GotoAsync(new Uri(product.Address, $"/hosts/{id}").AbsoluteUri);
            await window.SeesAsync(id == ids[3] ? page.GetByText("Waiting for the first report") : window.TestId("cpu-chart"), $"the page of host {id}");
            await AssertFitsAsync($"host-{id}");
        }

        await GoToAsync($"/hosts/{ids[1]}?range=1h&series=something.of.my.own%7Bwith%3Dlabels%7D", window.TestId("history-cpu"));
        await AssertFitsAsync("host-history");
        await GoToAsync($"/compare?host={ids[0]}&host={ids[1]}", window.TestId("compare-cpu.percent"));
        await AssertFitsAsync("compare");
        await GoToAsync("/alerts", page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Which alerts" }));
        await AssertFitsAsync("alerts");
        await GoToAsync("/alerts/rules", page.GetByText("Disk nearly full"));
        await AssertFitsAsync("alert-rules");
        await GoToAsync("/alerts/rules/4", window.TestId("preview"));
        await AssertFitsAsync("alert-rule");
        await GoToAsync("/alerts/channels", Region("Failed notifications"));
        await AssertFitsAsync("alert-channels");
        await GoToAsync("/alerts/routing", Region("Putting together"));
        await AssertFitsAsync("alert-routing");
        await GoToAsync("/alerts/silences", page.GetByText("Nothing is silenced"));
        await AssertFitsAsync("alert-silences");
        await GoToAsync($"/hosts/{ids[1]}/settings", Region("Tokens"));
        await AssertFitsAsync("host-settings");
        await GoToAsync("/account", Region("Enrolment tokens"));
        await AssertFitsAsync("account");

        Assert.Equal(theme, await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.GotoAsync(new Uri(product.Address, "/hosts/999999").AbsoluteUri);
        await window.SeesAsync(page.GetByRole(AriaRole.Heading), "the page of a host that is not there");
        await AssertFitsAsync("not-found");

        await window.SignOutAsync(product.Owner);
        await window.SignInAsync(product.Address, product.Administrator);
        await GoToAsync("/users", page.GetByText(product.Owner.Name));
        await AssertFitsAsync("users");
        await GoToAsync("/audit", page.GetByText("registered"));
        await AssertFitsAsync("audit");
        window.AssertNoErrors();

        ILocator Region(string name) => page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = name });

        async Task GoToAsync(string path, ILocator sign)
        {
            await page.GotoAsync(new Uri(product.Address, path).AbsoluteUri);
            await window.SeesAsync(sign, $"the page {path}");
        }

        async Task AssertFitsAsync(string what)
        {
            await window.ScreenshotAsync($"{what}-{width}-{theme}");
            await window.AssertFitsAsync(what);
        }
    }

    private static Task<string?> ChartAsync(Window window, string attribute) => window.TestId("cpu-chart").GetAttributeAsync(attribute);

    private static async Task SeeCpuRiseAsync(Window window)
    {
        // Where others keep the machine busy there may be no room to rise, but then it is up already and has to stay there.
        const double Busy = 80;
        const int Seconds = 4;
        var before = await Window.NumberAsync(() => ChartAsync(window, "data-last-value"), _ => true, "a first CPU value on the chart");
        var points = await Window.NumberAsync(() => ChartAsync(window, "data-points"), _ => true, "the points of the CPU chart");
        using var burning = new Burning();
        await Window.NumberAsync(() => ChartAsync(window, "data-points"), now => now >= points + Seconds, $"{Seconds} more points on the CPU chart, which had {points}");
        await Window.NumberAsync(() => ChartAsync(window, "data-last-value"), value => value >= Busy, $"{Busy} percent or more at the end of the CPU line, which was at {before}");
        await Window.NumberAsync(() => window.TestId("cpu-now").InnerTextAsync()!, value => value >= Busy, $"{Busy} percent or more on the CPU tile");
    }

    /// <summary>Between the cut and its end the API has as many samples as ever, at most one missing at a time.</summary>
    private static Task SeeGapFilledAsync(Product product, long id, long from, long to)
    {
        var gaps = "";
        return Patience.Until(
            async () =>
            {
                var times = await product.TimesAsync(id);
                var across = times.Where(time => time >= from - 3000 && time <= to + 3000).ToArray();
                var largest = across.Zip(across.Skip(1), (a, b) => b - a).DefaultIfEmpty(long.MaxValue).Max();
                gaps = string.Create(CultureInfo.InvariantCulture, $"{across.Length} samples from {across.FirstOrDefault()} to {across.LastOrDefault()}, largest gap {largest} ms; the cut was from {from} to {to}");
                return across.Length > 0 && across[0] <= from && across[^1] >= to && largest <= 2500;
            },
            () => $"samples without a hole over the time of the cut; there were {gaps}",
            TimeSpan.FromSeconds(60));
    }

    private static object Report(int age)
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(-age);
        var samples = new Dictionary<string, double>
        {
            ["cpu.percent"] = 30 + age % 40, ["cpu.frequency.mhz"] = 2600, ["load.1m"] = 12.34, ["load.5m"] = 10, ["load.15m"] = 8.5,
            ["memory.total.bytes"] = 68719476736, ["memory.used.bytes"] = 34359738368, ["memory.available.bytes"] = 34359738368, ["memory.used.percent"] = 50,
            ["swap.total.bytes"] = 1e9, ["swap.used.bytes"] = 1e6, ["swap.used.percent"] = 0.1, ["uptime.seconds"] = 1_000_000 - age, ["processes.count"] = 345,
            ["processes.running"] = 2, ["tcp.connections{state=established}"] = 123, ["something.of.my.own{with=labels}"] = age,
        };
        for (var core = 0; core < 16; core++) samples[$"cpu.core.percent{{core={core}}}"] = core * 6;
        foreach (var mount in new[] { "/", "/var/lib/containers/storage/overlay/with/a/long/path/that/goes/on/and/on" })
        {
            (samples[$"disk.total.bytes{{mount={mount}}}"], samples[$"disk.used.bytes{{mount={mount}}}"]) = (1e12, 9e11);
            (samples[$"disk.free.bytes{{mount={mount}}}"], samples[$"disk.used.percent{{mount={mount}}}"]) = (1e11, 90);
        }

        foreach (var nic in new[] { "eth0", "a-long-interface-name.4094" }) (samples[$"net.rx.bytes{{nic={nic}}}"], samples[$"net.tx.bytes{{nic={nic}}}"]) = (1e12 - age * 1e8, 1e12 - age * 1e7);
        (samples["disk.read.bytes{device=nvme0n1}"], samples["disk.write.bytes{device=nvme0n1}"]) = (1e12 - age * 1e6, 1e12 - age * 1e5);
        return new { seq = 1000 - age, bootId = "boot", at, interval = 5, samples };
    }

    /// <summary>Every core busy, until disposed.</summary>
    private sealed class Burning : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _isOver;

        public Burning()
        {
            _threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
            {
                while (!_isOver) Thread.SpinWait(1000);
            }) { IsBackground = true })];
            foreach (var thread in _threads) thread.Start();
        }

        public void Dispose()
        {
            _isOver = true;
            foreach (var thread in _threads) thread.Join();
        }
    }
}
