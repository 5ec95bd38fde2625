using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Live;
using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Tests.Health;

/// <summary>What supervisors and proxies are told.</summary>
public sealed class ProbeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task AServerThatServes_IsLiveAndReady()
    {
        var ready = await GetAsync(shared.Server, "/health/ready");
        Assert.Equal((HttpStatusCode.OK, "ready", Environment.MachineName), (ready.Status, ready.Json.GetProperty("status").GetString(), ready.Json.GetProperty("server").GetString()));
        var live = await GetAsync(shared.Server, "/health/live");
        Assert.Equal((HttpStatusCode.OK, "live"), (live.Status, live.Json.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task WithoutItsDatabase_ItLives_AndIsNotReady_AndSaysWhy()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton<IStoreState>(new Store(() => Task.FromResult<string?>("Connection refused"))));
        await IsNotReadyAsync(server, "The database cannot be reached: Connection refused");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/health/live")).Status);
    }

    [Fact]
    public async Task ADatabaseThatDoesNotAnswer_IsAsOneThatIsAway()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton<IStoreState>(new Store(() => new TaskCompletionSource<string?>().Task)));
        await IsNotReadyAsync(server, "The database has not answered for 2 s.");
    }

    [Fact]
    public async Task OutOfItsCluster_ItIsNotReady()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton(new ClusterLink(() => "This gateway has no connection to any silo.")));
        await IsNotReadyAsync(server, "This gateway has no connection to any silo.");
    }

    /// <summary>A supervisor that asks while it ends in order must not kill it.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task AServerWhoseGrainsDoNothingAnyMore_IsNotLive_UnlessItIsEnding(bool isEnding, bool isLive)
    {
        using var lifetime = new Life(isEnding);
        var grains = DispatchProxy.Create<IGrainFactory, GrainsThatHang>();
        Assert.Equal(isLive, await new Liveness(grains, new ServerOptions(), lifetime, new ImpatientTime()).IsAliveAsync());
    }

    private static async Task IsNotReadyAsync(RunningServer server, string reason)
    {
        var ready = await GetAsync(server, "/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "/problems/not-ready", reason), (ready.Status, ready.Json.GetProperty("type").GetString(), ready.Json.GetProperty("detail").GetString()));
    }

    private static async Task<Answer> GetAsync(RunningServer server, string path)
    {
        using var response = await server.Anonymous.GetAsync(path);
        return await Answer.OfAsync(response);
    }

    private sealed class Store(Func<Task<string?>> check) : IStoreState
    {
        public string? Failure => null;

        public Task<string?> CheckAsync(CancellationToken cancellationToken) => check().WaitAsync(cancellationToken);
    }

    private sealed class Life : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public Life(bool isEnding)
        {
            if (isEnding) _stopping.Cancel();
        }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    /// <summary>All that is waited for has been waited for already.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    public class GrainsThatHang : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Create<ILiveTopicGrain, CallsThatHang>();
    }

    public class CallsThatHang : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new TaskCompletionSource<int>().Task;
    }
}
