using System.Globalization;
using System.Text;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// A host's values as a random walk with a fixed seed: percents with one decimal, loads with two, counters that grow by noisy amounts; twelve
/// series, and about 450 bytes as JSON.
/// </summary>
internal sealed class HostWalk(int host)
{
    private readonly Random _random = new(host * 7919 + 1);
    private readonly double[] _values =
    [
        host * 37 % 68 + 2, host * 53 % 80 + 10, host * 11 % 30, host * 29 % 80 + 10, host % 4, 0,
        host * 1_000_003L, host * 700_001L, host * 4096L * 1000, host * 4096L * 2000, host * 13 % 320 + 80, host * 1009,
    ];

    public static string[] Series { get; } =
    [
        "cpu.percent", "memory.used.percent", "swap.used.percent", "disk.used.percent{mount=/}", "load.1m", "cpu.iowait.percent",
        "net.rx.bytes{nic=eth0}", "net.tx.bytes{nic=eth0}", "disk.read.bytes{device=sda}", "disk.write.bytes{device=sda}", "processes.count", "uptime.seconds",
    ];

    /// <summary>Moves on by one report and gives its values, in the order of <see cref="Series"/>.</summary>
    public ReadOnlySpan<double> NextValues()
    {
        Walk(0, Gauss(2.5), 100, 1);
        Walk(1, _random.Next(3) - 1 is var step ? step / 10.0 : 0, 100, 1);
        if (_random.Next(64) == 0) Walk(2, 0.1, 100, 1);
        if (_random.Next(256) == 0) Walk(3, 0.1, 100, 1);
        Walk(4, Gauss(0.06), 64, 2);
        _values[5] = _random.Next(8) == 0 ? _random.Next(32) / 10.0 : 0;
        _values[6] += (host % 400 + 1) * _random.Next(1024);
        _values[7] += (host % 400 + 1) * _random.Next(512) + 400;
        if (_random.Next(4) == 0) _values[8] += 4096 * _random.Next(128);
        _values[9] += 4096 * _random.Next(64);
        Walk(10, _random.Next(8) switch { 0 => -1, 7 => 1, _ => 0 }, 1000, 0);
        _values[11] += 5;
        return _values;
    }

    /// <summary>Moves on by one report and gives the members of <c>samples</c> as JSON.</summary>
    public string Next()
    {
        NextValues();
        var json = new StringBuilder();
        for (var i = 0; i < Series.Length; i++)
        {
            json.Append(i == 0 ? "" : ",").Append('"').Append(Series[i]).Append("\":").Append(_values[i].ToString(CultureInfo.InvariantCulture));
        }

        return json.ToString();
    }

    private void Walk(int series, double step, double max, int decimals) =>
        _values[series] = Math.Round(Math.Clamp(_values[series] + step, 0, max), decimals);

    private double Gauss(double sigma) => sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
