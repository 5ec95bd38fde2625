using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class LoginLimiterGrainTests : SiloTests
{
    private const string Subject = "name:ALICE";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task OfManyAttemptsAtOnce_OnlySoManyGoOn()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BeginAsync(limit: 5)));

        Assert.Equal(5, answers.Count(wait => wait is null));
        Assert.All(answers.Where(wait => wait is not null), wait => Assert.Equal(Window, wait));
    }

    [Fact]
    public async Task TheWait_IsUntilTheOldestAttemptLeavesTheWindow()
    {
        Assert.Null(await BeginAsync());
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await BeginAsync());
        Assert.Equal(TimeSpan.FromMinutes(5), await BeginAsync());

        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await BeginAsync());
        Assert.Equal(TimeSpan.FromMinutes(10), await BeginAsync());
    }

    [Fact]
    public async Task ARestart_ForgetsNothing()
    {
        Assert.Null(await BeginAsync());
        Assert.Null(await BeginAsync());

        await RestartAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(14), await BeginAsync());
    }

    [Fact]
    public async Task Success_ForgetsTheSubject_AndNoOther()
    {
        foreach (var subject in new[] { Subject, "name:BOB" })
        {
            Assert.Null(await BeginAsync(subject, limit: 1));
            Assert.NotNull(await BeginAsync(subject, limit: 1));
        }

        await Limiter(Subject).Succeeded(Subject);
        await RestartAsync();
        Assert.Null(await BeginAsync(limit: 1));
        Assert.NotNull(await BeginAsync("name:BOB", limit: 1));
    }

    [Fact]
    public async Task AnAttemptThatCannotBeCounted_DoesNotGoOn_AndOneBeyondTheLimitNeedsNoWrite()
    {
        Assert.Null(await BeginAsync());
        Silo.Faults.BreakState("login-limiter");
        await Assert.ThrowsAsync<StorageFailedException>(() => BeginAsync());
        await Assert.ThrowsAsync<StorageFailedException>(() => Limiter(Subject).Succeeded(Subject));

        Silo.Faults.MendState("login-limiter");
        Assert.Null(await BeginAsync());
        Silo.Faults.BreakState("login-limiter");
        Assert.Equal(Window, await BeginAsync());
    }

    [Fact]
    public async Task ALimitThatIsNone_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BeginAsync(limit: 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Limiter(Subject).TryBegin(Subject, 1, TimeSpan.Zero));
    }

    private ILoginLimiterGrain Limiter(string subject) => LoginLimiter.For(Silo.Client, subject);

    private Task<TimeSpan?> BeginAsync(string subject = Subject, int limit = 2) => Limiter(subject).TryBegin(subject, limit, Window);
}
