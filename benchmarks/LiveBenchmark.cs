namespace StatusMonitor.Benchmarks;
internal static class LiveBenchmark
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
