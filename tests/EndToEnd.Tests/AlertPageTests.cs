using Microsoft.Playwright;
using StatusMonitor.EndToEnd.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests;

/// <summary>What the pages about alerts show and do.</summary>
public sealed class AlertPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task RuleMadeOnThePage_FiresIsAcknowledgedAndIsOver()
    {
        using var product = await Product.StartAsync();
        var (id, token) = await product.AddHostAsync("oven-1");
        // Ten minutes, hot for three of them: however the preview begins its minutes, one is hot as a whole.
        for (var age = 600; age > 0; age -= 5) await product.ReportAsync(token, Report(age, age is > 240 and <= 420 ? 95 : 20));

        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.SignInAsync(product.Address, product.Owner);
        // Nobody reports while the page is used, which is no part of this story.
        await page.GotoAsync(new Uri(product.Address, "/alerts/rules").AbsoluteUri);
        await page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "Host offline is used" }).ClickAsync();
        await window.SeesAsync(page.Locator("button[role=switch][aria-checked=false]"), "that the rule is off");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "New rule" }).ClickAsync();
        await FillInAsync("Name", "Too hot");
        await FillInAsync("Series", "oven.heat");
        await FillInAsync("Threshold", "90");
        await FillInAsync("For at least", "0");
        await window.SeesAsync(page.Locator("[data-testid=preview][data-fired='1']"), "that the rule would have fired once");
        await window.SeesAsync(page.Locator("[data-testid=preview-chart][data-spans='1']"), "when it would have fired, on the chart");
        await FillInAsync("Threshold", "96");
        await window.SeesAsync(page.Locator("[data-testid=preview][data-fired='0']"), "that with another threshold it would not have fired");
        await FillInAsync("Threshold", "90");
        await window.SeesAsync(page.Locator("[data-testid=preview][data-fired='1']"), "that it would again");
        await window.ScreenshotAsync("alert-rule-preview");
        await Button("Make rule").ClickAsync();
        await window.SeesAsync(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Too hot" }), "the rule in the list");

        await page.GotoAsync(new Uri(product.Address, "/alerts").AbsoluteUri);
        await window.SeesAsync(page.GetByText("All is well"), "that no alert is open");
        await product.ReportAsync(token, Report(0, 97));
        // Nobody asks for the page again: the server says that something has changed.
        await window.SeesAsync(window.TestId("incident"), "the alert");
        await window.SeesAsync(window.TestId("open-alerts"), "the number of open alerts in the navigation");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Too hot" }).ClickAsync();
        await window.SeesAsync(page.Locator("[data-testid=incident-chart][data-spans='1']"), "the time since it fired, on the chart");
        await Button("Acknowledge").ClickAsync();
        await window.SeesAsync(page.Locator("[data-testid=incident-state][data-state=acknowledged]"), "that it is acknowledged");
        await window.SeesAsync(page.Locator("[data-testid=event][data-kind=acknowledged]").GetByText(product.Owner.Name), "who acknowledged it");
        await FillInAsync("Comment", "The door was open.");
        await Button("Comment").ClickAsync();
        await window.SeesAsync(page.Locator("[data-testid=event][data-kind=comment]").GetByText("The door was open."), "the comment");
        await window.AssertFitsAsync("the page of an alert");
        await window.ScreenshotAsync("alert");

        await product.ReportAsync(token, Report(0, 20));
        await window.SeesAsync(page.Locator("[data-testid=incident-state][data-state=resolved]"), "that it is over");
        await page.GotoAsync(new Uri(product.Address, $"/hosts/{id}").AbsoluteUri);
        await window.SeesAsync(page.Locator("[data-testid=incident][data-state=resolved]"), "the alert on the page of its host");
        window.AssertNoErrors();

        ILocator Button(string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });
        Task FillInAsync(string label, string text) => page.GetByLabel(label, new PageGetByLabelOptions { Exact = true }).FillAsync(text);
    }

    private static object Report(int age, double heat) => new
    {
        seq = TimeProvider.System.GetUtcNow().AddSeconds(-age).ToUnixTimeMilliseconds(),
        bootId = "boot",
        at = TimeProvider.System.GetUtcNow().AddSeconds(-age),
        interval = 5,
        samples = new Dictionary<string, double> { ["oven.heat"] = heat },
    };
}
