namespace StatusMonitor.Benchmarks;
internal static class HeapBenchmark
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
