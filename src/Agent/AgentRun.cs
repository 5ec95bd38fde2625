using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Configuration;
using StatusMonitor.Agent.Connection;
using StatusMonitor.Agent.Sampling;
using StatusMonitor.Agent.Spool;

namespace StatusMonitor.Agent;

/// <summary>The agent at work: one loop takes samples into the queue, another brings them to the server, and neither waits for the other.</summary>
internal sealed class AgentRun(AgentOptions options, SystemFiles files, TimeProvider time, AgentLog log)
{
    // A sample that hangs in the kernel must not keep the process from ending.
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromMilliseconds(700);

    private const long GarbageBytes = 1024 * 1024;

    private long _allocatedAtCollection;

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="SpoolInUseException">Another agent uses the spool.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var queue = new ReportQueue(OpenSpool(), log, time);
        using var clients = new ReportClients(options.Servers, options.Token, time);
        using var sampler = new Sampler(files, CollectorSet.ForLinux(files, time, log), time, options.Interval);
        var processes = new ProcessTop(new SystemFiles(), time);
        var sender = new ReportSender(queue, clients, new RetryPolicy(Random.Shared.NextDouble), MachineInfo.Read(files), processes, time, log);
        log.Info($"Watching this machine every {options.Interval.TotalSeconds:0.###} s for {string.Join(" or ", options.Servers)}. {Waiting(queue.Count)}".TrimEnd());

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sampling = SampleAsync(sampler, queue, end.Token);
        var sending = sender.RunAsync(end.Token);
        var first = await Task.WhenAny(sampling, sending);
        await end.CancelAsync();
        await Task.WhenAny(Task.WhenAll(sampling, sending), Task.Delay(PatienceAtEnd, time, CancellationToken.None));

        // Both only end when cancelled; an exception of another kind is a bug and ends the process with it.
        if (!stop.IsCancellationRequested) await first;
    }

    private static string Waiting(int reports) => reports switch
    {
        0 => "",
        1 => "1 report of before waits in the spool.",
        _ => $"{reports} reports of before wait in the spool.",
    };

    private async Task SampleAsync(Sampler sampler, ReportQueue queue, CancellationToken stop)
    {
        // Percentages compare two readings. The first two come quickly, so that a new machine shows up at once.
        sampler.Prime();
        await Task.Delay(Sampler.FirstWindow, time, stop);

        var schedule = new SampleSchedule(time, options.Interval);
        while (!stop.IsCancellationRequested)
        {
            queue.Append(sampler.Collect(queue.NextSequence).Span);
            KeepMemorySmall();
            await Task.Delay(schedule.UntilNext(), time, stop);
        }
    }

    /// <summary>
    /// Collects garbage after each megabyte of it: some milliseconds every ten minutes or so. Left alone, the runtime waits for as
    /// much as the processor's cache holds, and 16 MB and more of a guest's memory would be nothing but garbage.
    /// </summary>
    private void KeepMemorySmall()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocatedAtCollection < GarbageBytes) return;
        _allocatedAtCollection = allocated;
        GC.Collect();
    }

    private DiskSpool? OpenSpool()
    {
        try
        {
            return DiskSpool.Open(options.SpoolDirectory, options.SpoolBytes, log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Warning(
                $"The spool directory {options.SpoolDirectory} cannot be used, so up to {ReportQueue.MaxInMemory} unsent reports are kept in memory and lost when the agent ends. "
                + $"Put it right and start the agent again. {exception.Message}");
            return null;
        }
    }
}
