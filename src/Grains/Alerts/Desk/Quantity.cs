using System.Globalization;
using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Values and times as a person would write them.</summary>
internal static class Quantity
{
    private static readonly string[] ByteUnits = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A value of a series with its unit: <c>97.3 %</c>, <c>1.4 GiB</c>, <c>2600 MHz</c>.</summary>
    public static string Of(double value, string? series)
    {
        var unit = series is null ? "" : KnownSeries.Describe(NameOf(series)).Unit;
        return unit switch
        {
            "percent" => $"{Rounded(value, 1)} %",
            "bytes" => Bytes(value),
            "megahertz" => $"{Rounded(value, 0)} MHz",
            "seconds" => Of(TimeSpan.FromSeconds(Math.Clamp(value, -1e9, 1e9))),
            "" => Rounded(value, Digits(value)),
            _ => $"{Rounded(value, Digits(value))} {unit}",
        };
    }

    /// <summary>A growth of a counter: <c>12.5 MiB/s</c>.</summary>
    public static string Rate(double value, string? series)
    {
        var unit = series is null ? "" : KnownSeries.Describe(NameOf(series)).Unit;
        return unit switch
        {
            "seconds" => $"{Rounded(value, 2)} s/s",
            "" => $"{Rounded(value, Digits(value))}/s",
            _ => $"{Of(value, series)}/s",
        };
    }

    /// <summary>A stretch of time, to two units: <c>45 s</c>, <c>5 min</c>, <c>1 h 30 min</c>, <c>2 d 3 h</c>.</summary>
    public static string Of(TimeSpan time)
    {
        var sign = time < TimeSpan.Zero ? "-" : "";
        var seconds = (long)Math.Round(Math.Abs(time.TotalSeconds));
        return sign + (seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => Two(seconds / 60, "min", seconds < 600 ? seconds % 60 : 0, "s"),
            < 86_400 => Two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => Two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
        });
    }

    /// <summary>A series: its name, and of one label its value alone: <c>disk.used.percent of /data</c>.</summary>
    public static string Series(string series)
    {
        if (!SeriesName.TryParse(series, out var name, out _) || name.Labels.IsEmpty) return series;
        return name.Labels.Length == 1 ? $"{name.Name} of {name.Labels[0].Value}" : $"{name.Name} of {string.Join(", ", name.Labels.Select(label => $"{label.Name} {label.Value}"))}";
    }

    /// <summary>A moment for people who may be anywhere: <c>2026-01-31 14:05 UTC</c>.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>So many things: <c>1 host</c>, <c>47 hosts</c>.</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}s");

    private static string NameOf(string series)
    {
        var brace = series.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? series : series[..brace];
    }

    private static string Two(long first, string firstUnit, long second, string secondUnit) => second == 0 ? $"{first} {firstUnit}" : $"{first} {firstUnit} {second} {secondUnit}";

    private static string Bytes(double value)
    {
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < ByteUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{Rounded(value, unit == 0 ? 0 : 1)} {ByteUnits[unit]}";
    }

    // Three digits that matter, and no more than there are.
    private static int Digits(double value) => Math.Abs(value) switch { >= 100 => 0, >= 10 => 1, >= 0.01 => 2, _ => 4 };

    private static string Rounded(double value, int digits)
    {
        // Beyond what a double counts singly, digits would be made up.
        if (!double.IsFinite(value) || Math.Abs(value) >= 1e15) return value.ToString("G4", CultureInfo.InvariantCulture);
        var rounded = Math.Round(value, digits, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.####", CultureInfo.InvariantCulture);
    }
}
