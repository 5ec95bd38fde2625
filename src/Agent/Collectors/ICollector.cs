namespace StatusMonitor.Agent.Collectors;

/// <summary>
/// Reads one source of the machine. Collectors read <c>/proc</c> and <c>/sys</c> (and ask the kernel how full a filesystem is):
/// they need no root, start no program and write nothing.
/// </summary>
internal interface ICollector
{
    /// <summary>What is collected, as it reads in a sentence: "CPU usage".</summary>
    string Name { get; }

    /// <summary>Adds the values of this moment. A source that this machine does not have is <see cref="Outcome.NoData"/>, not an exception.</summary>
    Outcome Collect(SampleSet samples);
}

/// <summary>What a collector found.</summary>
internal enum Outcome
{
    /// <summary>The source was there; there may still be no value yet, because some need two readings.</summary>
    Collected,

    /// <summary>This machine, container or kernel does not have the source.</summary>
    NoData,
}
