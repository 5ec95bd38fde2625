using System.Globalization;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// What history takes as bytes, without a database around it, and what it costs to make and read: chunks of an hour with their rollups of a minute, and days with rollups of
/// fifteen, of a <see cref="HostFleet"/>.
/// </summary>
internal static class CodecBenchmark
{
    private const int TicksPerHour = 3_600_000 / HostFleet.StepMilliseconds;
    private const long Start = 1_750_003_200_000;

    public static int Run(string[] args)
    {
        var hosts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
        // Some unmeasured, so that what is measured is compiled as well as it gets.
        for (var i = 0; i < 5; i++) Measure(10, 6, isWarmUp: true);
        Measure(hosts, 1, isWarmUp: false);
        Measure(Math.Max(hosts / 5, 1), 24, isWarmUp: false);
        return 0;
    }

    private static void Measure(int hosts, int hours, bool isWarmUp)
    {
        var fleet = new HostFleet(hosts, Start);
        var (chunkBytes, minuteBytes, dayBytes, bySeries) = (0L, 0L, 0L, new long[HostFleet.Series.Length]);
        var (encode, decode, roll, encodeRollups, one) = (new CpuClock(), new CpuClock(), new CpuClock(), new CpuClock(), new CpuClock());
        foreach (var host in fleet.Hosts)
        {
            var minutesOfDay = new List<byte[]>();
            var rollupsOfDay = new List<RollupBlock>();
            for (var hour = 0; hour < hours; hour++)
            {
                var block = host.NextBlock(TicksPerHour);
                var chunk = encode.Time(() => ChunkCodec.Encode(block));
                decode.Time(() => ChunkCodec.Decode(chunk));
                var minutes = roll.Time(() => Rollups.Minutes(block, HostFleet.IsCounter));
                var rollups = encodeRollups.Time(() => RollupCodec.Encode(minutes));
                minutesOfDay.Add(rollups);
                rollupsOfDay.Add(minutes);
                (chunkBytes, minuteBytes) = (chunkBytes + chunk.Length, minuteBytes + rollups.Length);
                var empty = ChunkCodec.Encode(block with { Columns = [] }).Length;
                for (var series = 0; series < bySeries.Length; series++) bySeries[series] += ChunkCodec.Encode(block with { Columns = [block.Columns[series]] }).Length - empty;
            }

            dayBytes += RollupCodec.Encode(Rollups.QuarterHours(Rollups.Join(RollupTier.Minute, rollupsOfDay))).Length;
            foreach (var series in Enumerable.Range(0, HostFleet.Series.Length))
            {
                int[] asked = [series];
                one.Time(() => Rollups.Join(RollupTier.Minute, minutesOfDay.ConvertAll(rollups => RollupCodec.Decode(rollups, asked))));
            }
        }

        if (isWarmUp) return;
        var values = (double)hosts * hours * TicksPerHour * HostFleet.Series.Length;
        Print($"codec, {hosts} hosts x {HostFleet.Series.Length} series x {hours} h at {HostFleet.StepMilliseconds / 1000} s: bytes a value: chunks {chunkBytes / values:0.000}, rollups of a minute {minuteBytes / values:0.000}, of fifteen {dayBytes / values:0.000}");
        Print($"  bits a value by series: {string.Join(", ", HostFleet.Series.Zip(bySeries, (name, bytes) => string.Create(CultureInfo.InvariantCulture, $"{name} {bytes * 8 * HostFleet.Series.Length / values:0.00}")))}");
        Print($"  million values a CPU second: encode {encode.Millions(values):0.0}, decode {decode.Millions(values):0.0}, roll up {roll.Millions(values):0.0}, encode those {encodeRollups.Millions(values):0.0}");
        Print($"  one series of {hours} h from rollups of a minute: {one.Microseconds / hosts / HostFleet.Series.Length:0} us of CPU");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>CPU time of this process over many short stretches.</summary>
    private sealed class CpuClock
    {
        private TimeSpan _spent;

        public double Microseconds => _spent.TotalMicroseconds;

        public T Time<T>(Func<T> work)
        {
            var before = Environment.CpuUsage.TotalTime;
            var result = work();
            _spent += Environment.CpuUsage.TotalTime - before;
            return result;
        }

        public double Millions(double values) => values / _spent.TotalMicroseconds;
    }
}
