using Microsoft.Playwright;
using StatusMonitor.EndToEnd.Tests.Support;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests;

/// <summary>The whole way: a person who was never here, the browser, the server, an agent, this machine.</summary>
public sealed class WholeWayTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Person Newcomer = new("Nora <b>New</b>", "not 12345678 at all");

    [BrowserFact]
    public async Task Newcomer_RegistersAddsAMachineAndSeesItLive()
    {
        using var product = await Product.StartFreshAsync();
        using var agentFolder = new Folder();
        await using var window = await chromium.OpenAsync();
        var page = window.Page;

        await page.GotoAsync(product.Address.AbsoluteUri);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Register" }).ClickAsync();
        await window.FillInAsync(Newcomer);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Register" }).ClickAsync();
        await window.SeesAsync(window.AccountMenu(Newcomer), "that the newcomer is signed in");
        await window.SeesAsync(page.GetByText("Add your first machine"), "a fleet without hosts");
        await window.ScreenshotAsync("newcomer");

        // Out and in again: registering was not the only way in.
        await window.SignOutAsync(Newcomer);
        await window.SignInAsync(product.Address, Newcomer);

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add host" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("added <b>here</b>");
        await page.Keyboard.PressAsync("Enter");
        await window.SeesAsync(window.TestId("token"), "the token of the new host");
        var token = (await window.TestId("token").InnerTextAsync()).Trim();
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.Contains(token, await dialog.Locator("pre").First.InnerTextAsync(), StringComparison.Ordinal);
        await window.SeesAsync(dialog.GetByText("Waiting for the first report"), "that the dialog waits");
        await window.ScreenshotAsync("add-host");

        using var agent = new AgentProcess(product.Address, token, agentFolder);
        await window.SeesAsync(dialog.GetByText("has reported"), $"the first report; the agent said:\n{agent.Output}");
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);
        await window.ScreenshotAsync("first-report");
        await dialog.GetByRole(AriaRole.Link).ClickAsync();
        await window.SeesAsync(window.TestId("cpu-chart"), "the page of the new host");
        await window.SeesAsync(window.Status("online"), "the host online");
        await window.SeesAsync(page.GetByText("added <b>here</b>"), "its name, as it was written");
        var points = await Window.NumberAsync(() => window.TestId("cpu-chart").GetAttributeAsync("data-points"), number => number > 0, "points on the chart");
        await Window.NumberAsync(() => window.TestId("cpu-chart").GetAttributeAsync("data-points"), number => number >= points + 2, "more points on the chart, by themselves");
        await window.ScreenshotAsync("new-host-live");

        // Nowhere again, also not after a reload, which needs no password.
        await page.ReloadAsync();
        await window.SeesAsync(window.TestId("cpu-chart"), "the page of the new host after a reload");
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);
        window.AssertNoErrors();
    }

    [BrowserFact]
    public async Task EnrolledMachine_ComesUpOnItsOwnersPageAndOnNobodyElses()
    {
        using var product = await Product.StartAsync();
        using var agentFolder = new Folder();
        await using var owner = await chromium.OpenAsync();
        await owner.SignInAsync(product.Address, product.Owner);
        await owner.SeesAsync(owner.Page.GetByText("Add your first machine"), "a fleet without hosts");

        var tokenFile = agentFolder.Write("enrolment", await product.AddEnrolmentTokenAsync("racks"));
        using var enrolling = new AgentProcess(agentFolder, "enroll", "--server", product.Address.AbsoluteUri, "--token-file", tokenFile, "--name", "enrolled-1");
        Assert.True(await enrolling.EndAsync() == 0, enrolling.Output);
        var row = owner.Page.Locator("[data-testid=host-row]");
        await owner.SeesAsync(row.Filter(new LocatorFilterOptions { HasText = "enrolled-1" }), $"the machine, which enrolled and said:\n{enrolling.Output}");

        // As it says: nothing is left to be told.
        using var agent = new AgentProcess(agentFolder);
        await owner.SeesAsync(owner.Page.Locator("[data-testid=host-row][data-status=online]"), $"it online; the agent said:\n{agent.Output}");
        await owner.ScreenshotAsync("enrolled");

        using var secondFolder = new Folder();
        using var second = new AgentProcess(secondFolder, "enroll", "--server", product.Address.AbsoluteUri, "--token-file", tokenFile, "--name", "enrolled-2");
        Assert.Equal(1, await second.EndAsync());
        Assert.Contains("The server does not take this enrolment token", second.Output, StringComparison.Ordinal);

        await using var other = await chromium.OpenAsync();
        await other.Page.GotoAsync(new Uri(product.Address, "/register").AbsoluteUri);
        await other.FillInAsync(Newcomer);
        await other.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Register" }).ClickAsync();
        await other.SeesAsync(other.Page.GetByText("Add your first machine"), "a fleet without hosts");
        Assert.Equal(0, await other.Page.Locator("[data-testid=host-row]").CountAsync());

        await using var administrator = await chromium.OpenAsync();
        await administrator.SignInAsync(product.Address, product.Administrator);
        await administrator.SeesAsync(administrator.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Users" }), "that the first account is an administrator");
        await administrator.SeesAsync(administrator.Page.Locator("[data-testid=host-row]").Filter(new LocatorFilterOptions { HasText = "enrolled-1" }), "everybody's hosts");
        owner.AssertNoErrors();
        other.AssertNoErrors();
        administrator.AssertNoErrors();
    }
}
