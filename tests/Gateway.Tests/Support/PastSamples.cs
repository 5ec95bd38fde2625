using System.Globalization;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Has a host report its past, as an agent does that comes back.</summary>
internal static class PastSamples
{
    /// <summary>Posts a report for each time, in as many requests as it takes.</summary>
    /// <param name="host">Whose.</param>
    /// <param name="times">Collection times, Unix milliseconds.</param>
    /// <param name="samples">The series and values of a time.</param>
    /// <param name="interval">What the agent says of how often it reports, seconds.</param>
    public static async Task ReportAsync(this EnrolledHost host, IEnumerable<long> times, Func<long, IEnumerable<(string Name, double Value)>> samples, int interval = 5)
    {
        foreach (var batch in times.Chunk(ReportLimits.MaxReportsPerBatch))
        {
            await host.ReportAsync([.. batch.Select(at => ReportJson.Report(at / 1000, at, Samples(samples(at)), interval))]);
        }
    }

    /// <summary>A time every so many milliseconds.</summary>
    public static IEnumerable<long> Every(long step, long from, long to)
    {
        for (var at = from; at < to; at += step) yield return at;
    }

    private static string Samples(IEnumerable<(string Name, double Value)> values) =>
        $"{{{string.Join(',', values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{System.Text.Json.JsonSerializer.Serialize(value.Name)}:{value.Value:R}")))}}}";
}
