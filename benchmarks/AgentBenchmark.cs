namespace StatusMonitor.Benchmarks;
internal static class AgentBenchmark
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
