using System.Diagnostics;
using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>
/// What an agent does of importance here: it sends a sample, again until it is acknowledged, to the gateway that worked or else the next. It remembers what was acknowledged and how long that took.
/// </summary>
internal sealed class Agent(long hostId, string token, IReadOnlyList<HttpClient> gateways, int first)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private int _gateway = first;

    public long HostId { get; } = hostId;

    /// <summary>Times of the samples that were acknowledged, and when that was.</summary>
    public List<(long Time, long At)> Acknowledged { get; } = [];

    public int Failures { get; private set; }

    public int Repeated { get; private set; }

    /// <summary>What an answer that was no acknowledgement said, each once.</summary>
    public HashSet<string> Reasons { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var time = 0L;
        for (var number = 1; !cancellationToken.IsCancellationRequested; number++)
        {
            time = Math.Max(time + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            while (!await TrySendAsync(number, time))
            {
                Failures++;
                _gateway = (_gateway + 1) % gateways.Count;
                await Task.Delay(Retry, CancellationToken.None);
            }

            lock (Acknowledged) Acknowledged.Add((time, Stopwatch.GetTimestamp()));
            await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public int Count
    {
        get
        {
            lock (Acknowledged) return Acknowledged.Count;
        }
    }

    /// <summary>When the last one was acknowledged.</summary>
    public long LastAt
    {
        get
        {
            lock (Acknowledged) return Acknowledged.Count == 0 ? 0 : Acknowledged[^1].At;
        }
    }

    private async Task<bool> TrySendAsync(int number, long time)
    {
        var body = Encoding.UTF8.GetBytes(ReportJson.Batch([ReportJson.Report(number, time, ReportJson.Samples(new Dictionary<string, double> { ["cpu.percent"] = time % 1000 / 10.0 }))]));
        try
        {
            var answer = await new EnrolledHost(gateways[_gateway], HostId, token).PostAsync(EnrolledHost.Json(body));
            if (answer.Status != HttpStatusCode.OK)
            {
                Reasons.Add($"{(int)answer.Status} {answer.Problem}");
                return false;
            }

            Repeated += answer.Json.GetProperty("repeated").GetInt32();
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Reasons.Add(exception.GetType().Name);
            return false;
        }
    }
}
