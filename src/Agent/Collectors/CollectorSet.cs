namespace StatusMonitor.Agent.Collectors;

/// <summary>All collectors, run one after the other; one that fails costs its own values only.</summary>
internal sealed class CollectorSet(IReadOnlyList<ICollector> collectors, AgentLog log)
{
    private readonly HashSet<string> _complained = new(StringComparer.Ordinal);
    private bool _hasComplainedOfTooMany;

    /// <summary>The collectors of a Linux machine, the most wanted values first: a report has room for a limited number.</summary>
    public static CollectorSet ForLinux(SystemFiles files, TimeProvider time, AgentLog log) => new(
        [
            new CpuCollector(files),
            new LoadCollector(files),
            new MemoryCollector(files),
            new FilesystemCollector(files, log, FilesystemSpace.Measure),
            new DiskIoCollector(files),
            new UptimeCollector(files),
            new ProcessCollector(files),
            new TcpConnectionCollector(files, time),
            new NetworkCollector(files),
            new CpuFrequencyCollector(files, time),
        ],
        log);

    /// <summary>Collects the values of this moment. Complains once per collector that finds nothing or fails, not at every sample.</summary>
    public void Collect(SampleSet samples)
    {
        foreach (var collector in collectors)
        {
            try
            {
                if (collector.Collect(samples) == Outcome.NoData && _complained.Add(collector.Name))
                {
                    log.Warning($"There is no data about {collector.Name} on this machine; it is left away.");
                }
            }
            catch (Exception exception)
            {
                // The edge between collectors: whatever is wrong with one source, the others still tell something.
                if (_complained.Add(collector.Name + " failed")) log.Error($"Could not collect {collector.Name}; it is left away and tried again. {exception.GetType().Name}: {exception.Message}");
            }
        }

        if (samples.LeftAway > 0 && !_hasComplainedOfTooMany)
        {
            _hasComplainedOfTooMany = true;
            log.Warning($"This machine has more series than a report may hold; {samples.LeftAway} are left away.");
        }
    }
}
