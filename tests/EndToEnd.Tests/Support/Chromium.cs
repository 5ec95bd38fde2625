using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests.Support;

/// <summary>A test in a real browser; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing!;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing!;
}

/// <summary>The Chromium of this machine, one for all tests.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser, or null.</summary>
    public static string? Missing { get; } = Program is null ? $"There is no Chromium in any of {string.Join(", ", Places)}; on Debian 'apt-get install chromium' brings it." : null;

    private static string? Program => Places.FirstOrDefault(File.Exists);

    /// <summary>A window of its own, as of a person who was never here.</summary>
    internal async Task<Window> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        // The machine's own browser is used; nothing is to be fetched.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Arguments });
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = "en-GB",
        });
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}

/// <summary>One window, and everything that went wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    /// <summary>The longest that something may take that depends on back-offs and time-outs of the product.</summary>
    private const float Limit = 60_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();
    private volatile bool _isOutage;

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(Limit);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !(_isOutage && IsOfNetwork(message.Text))) _errors.Enqueue($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    /// <summary>From here on the browser may complain that it does not reach the server.</summary>
    public void BeginOutage() => _isOutage = true;

    public void EndOutage() => _isOutage = false;

    public void AssertNoErrors() => Assert.True(_errors.IsEmpty, $"The browser complained:\n{string.Join("\n", _errors)}");

    public ILocator TestId(string id) => Page.GetByTestId(id);

    public ILocator HostRow(long id, string? status = null) => Page.Locator($"[data-testid=host-row][data-host-id='{id}']{(status is null ? "" : $"[data-status={status}]")}");

    /// <summary>The status of the host whose page it is.</summary>
    public ILocator Status(string status) => Page.Locator($"[data-testid=status][data-status={status}]");

    /// <summary>Signs in at an address, and waits until it is open.</summary>
    public async Task SignInAsync(Uri address, Person person)
    {
        await Page.GotoAsync(address.AbsoluteUri);
        await FillInAsync(person);
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await SeesAsync(AccountMenu(person), $"that {person.Name} is signed in");
    }

    /// <summary>Signs out, and waits for the page to sign in on.</summary>
    public async Task SignOutAsync(Person person)
    {
        await AccountMenu(person).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await SeesAsync(Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign in" }), "the page to sign in on");
    }

    /// <summary>Fills in the form to sign in or to register.</summary>
    public async Task FillInAsync(Person person)
    {
        await Page.GetByLabel("User name").FillAsync(person.Name);
        await Page.GetByLabel("Password").FillAsync(person.Password);
    }

    /// <summary>The button that says who is signed in.</summary>
    public ILocator AccountMenu(Person person) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Account menu of {person.Name}" });

    /// <summary>Waits until an element is there and can be seen.</summary>
    public async Task SeesAsync(ILocator element, string what)
    {
        try
        {
            await element.First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Visible, Timeout = Limit });
        }
        catch (TimeoutException)
        {
            await ScreenshotAsync("failed");
            throw new TimeoutException($"This never came on the page: {what}. It shows:\n{await Page.InnerTextAsync("body")}\n{string.Join('\n', _errors)}");
        }
    }

    /// <summary>Waits until an element is gone.</summary>
    public async Task NoLongerSeesAsync(ILocator element, string what)
    {
        try
        {
            await element.First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden, Timeout = Limit });
        }
        catch (TimeoutException)
        {
            await ScreenshotAsync("failed");
            throw new TimeoutException($"This never left the page: {what}. It shows:\n{await Page.InnerTextAsync("body")}");
        }
    }

    /// <summary>Waits until a number on the page is as wanted.</summary>
    public static async Task<double> NumberAsync(Func<Task<string?>> read, Func<double, bool> isWanted, string what)
    {
        double? last = null;
        await Patience.Until(
            async () => (last = ToNumber(await read())) is { } number && isWanted(number),
            () => $"{what}; the last was {last}",
            TimeSpan.FromMilliseconds(Limit));
        return last!.Value;
    }

    /// <summary>The number in an attribute of the CPU chart, or in the text of another element.</summary>
    public static double? ToNumber(string? text)
    {
        var digits = new string([.. (text ?? "").Where(c => char.IsAsciiDigit(c) || c is '.' or '-')]);
        return double.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Fails if the page is wider than its window.</summary>
    public async Task AssertFitsAsync(string what)
    {
        var (page, window) = (await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), await Page.EvaluateAsync<int>("window.innerWidth"));
        Assert.True(page <= window, $"{what} is {page} pixels wide in a window of {window}.");
    }

    public Task ScreenshotAsync(string name)
    {
        var folder = Path.Combine(ServerProcess.RepositoryRoot(), "artifacts", "screenshots");
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private static bool IsOfNetwork(string message) =>
        message.Contains("net::ERR_", StringComparison.Ordinal) || message.Contains("WebSocket", StringComparison.Ordinal) || message.Contains("Failed to load resource", StringComparison.Ordinal);

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
