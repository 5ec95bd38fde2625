using System.Globalization;
using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>
/// A host with many loads, of which with each report one goes over the bound or back: each of them seldom enough not to flap. It goes on only with what was acknowledged, as agents do.
/// </summary>
/// <param name="id">Host id.</param>
/// <param name="token">Its token.</param>
/// <param name="seed">Of what changes when.</param>
/// <param name="changes">How many of the reports change something, while anything may change: 0 to 1.</param>
internal sealed class LoadedMachine(long id, string token, int seed, double changes)
{
    private const int Loads = 100;

    /// <summary>Changes of one load, of which six are flapping.</summary>
    private const int MaxChanges = 4;

    private readonly Random _random = new(seed);
    private readonly bool[] _isHigh = new bool[Loads];
    private readonly List<(long? From, long? To)>[] _spans = [.. Enumerable.Range(0, Loads).Select(_ => new List<(long?, long?)>())];
    private long _at;
    private long _sequence;
    private int _changed;
    private string? _unsure;

    public long Id => id;

    /// <summary>What was acknowledged: the loads by the time of their report.</summary>
    public SortedDictionary<long, double[]> Acknowledged { get; } = [];

    /// <summary>Times that a load went over the bound or back.</summary>
    public int Changes { get; private set; }

    public async Task RunAsync(HttpClient http, Func<bool> mayChange, Action onAcknowledged, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _unsure ??= Next(_random.NextDouble() >= changes || _changed >= (MaxChanges - 1) * Loads || !mayChange() ? null : _changed++ % Loads);
            if (!await TrySendAsync(http)) return;
            onAcknowledged();
        }
    }

    /// <summary>Sends what is unsure, or that another load is low; false if all are.</summary>
    public async Task<bool> CalmAsync(HttpClient http)
    {
        Assert.InRange(_changed, 1, MaxChanges * Loads);
        if (_unsure is null)
        {
            var high = Array.IndexOf(_isHigh, true);
            if (high < 0) return false;
            _unsure = Next(high);
        }

        Assert.True(await TrySendAsync(http));
        return true;
    }

    /// <summary>When each load was over the bound, from and to.</summary>
    public IEnumerable<(string Series, List<(long?, long?)> Spans)> Expected() => _spans.Select((spans, load) => (Series(load), spans));

    public static string Series(int load) => string.Create(CultureInfo.InvariantCulture, $"crash.load{{n={load}}}");

    /// <summary>A report in which this has changed, or nothing.</summary>
    private string Next(int? changed)
    {
        _at = Math.Max(_at + 1, ReportJson.Now());
        if (changed is { } load)
        {
            if (_isHigh[load] = !_isHigh[load]) _spans[load].Add((_at, null));
            else _spans[load][^1] = (_spans[load][^1].From, _at);
            Changes++;
        }

        return ReportJson.Report(++_sequence, _at, ReportJson.Samples(Values().Select((value, i) => KeyValuePair.Create(Series(i), value))), interval: 1);
    }

    private async Task<bool> TrySendAsync(HttpClient http)
    {
        try
        {
            var answer = await new EnrolledHost(http, id, token).PostAsync(EnrolledHost.Json(Encoding.UTF8.GetBytes(ReportJson.Batch(_unsure!))));
            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        }
        catch (HttpRequestException)
        {
            // The server died, before, while or after it took it.
            return false;
        }

        _unsure = null;
        Acknowledged.Add(_at, Values());
        return true;
    }

    private double[] Values() => [.. _isHigh.Select(isHigh => isHigh ? 90.0 : 10.0)];
}
