using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// Hosts with twelve series each, always the same for the same seed: percents with one decimal that walk at random, a load with two, counters that grow by noisy amounts, an
/// uptime. Ticks are exactly a step apart, and each host has a constant phase of some milliseconds.
/// </summary>
/// <remarks>
/// The same distributions as the generator that other databases were measured with, which is a Python program; the numbers themselves differ, because this draws from .NET's generator.
/// </remarks>
internal sealed class HostFleet
{
    public const int StepMilliseconds = 5_000;
    private readonly int[] _cpuSteps = new int[256];
    private readonly int[] _loadSteps = new int[256];

    /// <param name="hosts">How many hosts.</param>
    /// <param name="start">Unix milliseconds of the first tick, without the phase.</param>
    /// <param name="seed">Decides all numbers.</param>
    public HostFleet(int hosts, long start, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < 256; i++) _cpuSteps[i] = (int)Gauss(random, 25);
        for (var i = 0; i < 256; i++) _loadSteps[i] = (int)Gauss(random, 6);
        Hosts = [.. Enumerable.Range(0, hosts).Select(_ => new Host(this, start, random.Next()))];
    }

    /// <summary>Names of the series, by id.</summary>
    public static ImmutableArray<string> Series { get; } = [.. HostWalk.Series];

    public ImmutableArray<Host> Hosts { get; }

    public static bool IsCounter(int seriesId) => seriesId is >= 6 and <= 9;

    private static double Gauss(Random random, double sigma) => sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A host, which goes on by itself.</summary>
    public sealed class Host
    {
        private static readonly int[] Ids = [.. Enumerable.Range(0, Series.Length)];

        /// <summary>What the numbers of a series are divided by.</summary>
        private static readonly double[] Units = [10, 10, 10, 10, 100, 10, 1, 1, 1, 1, 1, 1];
        private readonly HostFleet _fleet;
        private readonly Random _random;
        private readonly long[] _numbers;
        private readonly long _rate;
        private readonly double[] _values = new double[Units.Length];
        private long _sequence;

        internal Host(HostFleet fleet, long start, int seed)
        {
            _fleet = fleet;
            var random = _random = new Random(seed);
            NextAt = start + random.Next(StepMilliseconds);
            _numbers =
            [
                random.Next(20, 700), random.Next(100, 900), random.Next(300), random.Next(100, 900), random.Next(400), 0, random.NextInt64(100_000_000_000),
                random.NextInt64(100_000_000_000), random.Next(10_000_000) * 4096L, random.Next(10_000_000) * 4096L, random.Next(80, 400), random.Next(10_000_000),
            ];
            _rate = random.Next(1, 400);
        }

        /// <summary>Collection time of the next tick.</summary>
        public long NextAt { get; private set; }

        /// <summary>The next ticks as a block.</summary>
        public SampleBlock NextBlock(int ticks)
        {
            var (times, intervals) = (new long[ticks], new int[ticks]);
            var columns = Array.ConvertAll(Ids, _ => new double[ticks]);
            Array.Fill(intervals, StepMilliseconds);
            for (var i = 0; i < ticks; i++)
            {
                times[i] = NextAt;
                var values = Next();
                for (var series = 0; series < columns.Length; series++) columns[series][i] = values[series];
            }

            return new SampleBlock(
                ImmutableCollectionsMarshal.AsImmutableArray(times),
                ImmutableCollectionsMarshal.AsImmutableArray(intervals),
                [.. columns.Select((values, id) => new SampleColumn(id, ImmutableCollectionsMarshal.AsImmutableArray(values)))]);
        }

        /// <summary>The next tick as a row of the journal.</summary>
        public JournalRow NextRow()
        {
            var at = NextAt;
            return new JournalRow(at, at + 20, ++_sequence, StepMilliseconds, SampleRow.Encode(Ids, Next()));
        }

        /// <summary>Goes on by a tick and gives its values, which stay until the next.</summary>
        public ReadOnlySpan<double> Next()
        {
            NextAt += StepMilliseconds;
            var (n, bits, more) = (_numbers, (ulong)_random.NextInt64(), (ulong)_random.NextInt64());
            n[0] = Math.Clamp(n[0] + _fleet._cpuSteps[bits & 255], 0, 1_000);
            n[1] = Math.Clamp(n[1] + ((bits >> 8) & 15) switch { < 4 => -1, > 11 => 1, _ => 0 }, 0, 1_000);
            if (((bits >> 12) & 63) == 0) n[2] = Math.Min(1_000, n[2] + 1);
            if (((bits >> 18) & 255) == 0) n[3] = Math.Min(1_000, n[3] + 1);
            n[4] = Math.Clamp(n[4] + _fleet._loadSteps[(bits >> 26) & 255], 0, 6_400);
            n[5] = ((bits >> 39) & 7) == 0 ? (long)((bits >> 34) & 31) : 0;
            n[6] += _rate * (long)((bits >> 42) & 1_023);
            n[7] += _rate * (long)(more & 511) + 400;
            if (((more >> 9) & 3) == 0) n[8] += 4096 * (long)((more >> 11) & 127);
            n[9] += 4096 * (long)((more >> 18) & 63);
            n[10] = Math.Max(20, n[10] + ((more >> 24) & 7) switch { 0 => -1, 7 => 1, _ => 0 });
            n[11] += StepMilliseconds / 1_000;
            for (var i = 0; i < n.Length; i++) _values[i] = n[i] / Units[i];
            return _values;
        }
    }
}
