using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.Reports;
using StatusMonitor.Gateway.Standby;
using StatusMonitor.Silo;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Cluster;

/// <summary>Takes down how this process does. Rates are since the time before.</summary>
/// <param name="options">What the process is.</param>
/// <param name="services">Where the parts are that it asks; while this server waits for another there are none yet.</param>
/// <param name="activations">Counts from the start.</param>
/// <param name="time">Measures what rates are over.</param>
internal sealed class OwnFacts(ServerOptions options, IServiceProvider services, Activations activations, TimeProvider time)
{
    private const int MaxKinds = 30;

    private readonly Lock _gate = new();
    private long _takenAt = time.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _reports;
    private long _rows;

    /// <param name="databaseMilliseconds">How long the database took to answer, if there is one that did.</param>
    public MemberFacts Take(double? databaseMilliseconds)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            // The first look comes early, and nothing is a rate over no time.
            var seconds = Math.Max(time.GetElapsedTime(_takenAt, now).TotalSeconds, 0.001);
            _takenAt = now;
            var isActive = services.GetService<ActiveServer>()?.IsActive ?? true;
            var (isGateway, isSilo) = (isActive && options.Role != ServerRole.Silo, isActive && options.Role != ServerRole.Gateway);
            var kinds = isSilo ? activations.Read() : null;
            var cpu = Environment.CpuUsage.TotalTime;
            var figures = new MemberFigures(
                Environment.ProcessorCount,
                Math.Round(Math.Min(100, 100 * (cpu - _cpu).TotalSeconds / seconds / Environment.ProcessorCount), 1),
                Environment.WorkingSet,
                GC.GetTotalMemory(forceFullCollection: false),
                isGateway ? Rate(services.GetRequiredService<ReportIntake>().Stored, ref _reports, seconds) : null,
                isSilo ? Rate(services.GetRequiredService<IWriteQueue>().Written, ref _rows, seconds) : null,
                isGateway ? services.GetRequiredService<LiveFeeds>().Connections : null,
                kinds?.Sum(kind => kind.Count),
                kinds?.Take(MaxKinds).Select(kind => new ActivationCount(kind.Kind, kind.Count)).ToArray(),
                [.. Queues(isGateway, isSilo)],
                databaseMilliseconds is { } milliseconds ? Math.Round(milliseconds, 2) : null,
                isSilo ? HealthEndpoint.StorageProblem(services.GetServices<IStoreState>(), services.GetRequiredService<StorageHealth>()) ?? "ok" : null);
            _cpu = cpu;
            return new MemberFacts(NameOf(options.Role), isActive ? "active" : "waiting", HealthEndpoint.Version, figures);
        }
    }

    private static string NameOf(ServerRole role) => role switch { ServerRole.Silo => "silo", ServerRole.Gateway => "gateway", _ => "all" };

    private static double Rate(long count, ref long before, double seconds)
    {
        var rate = (count - before) / seconds;
        before = count;
        return Math.Round(rate, 1);
    }

    private IEnumerable<QueueDepth> Queues(bool isGateway, bool isSilo)
    {
        if (isSilo && services.GetRequiredService<IWriteQueue>() is var rows) yield return new QueueDepth("rows", rows.Waiting, rows.Bound);
        if (!isGateway) yield break;
        yield return new QueueDepth("bodies", services.GetRequiredService<ReportBodyBudget>().Taken, options.MaxBodyBytesInFlight);
        yield return new QueueDepth("passwords", services.GetRequiredService<PasswordHasher>().Waiting, PasswordHasher.MaxWaiting);
    }
}
