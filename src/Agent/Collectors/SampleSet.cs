using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>The values of one moment while they are collected; used again for the next moment.</summary>
internal sealed class SampleSet
{
    private readonly Dictionary<string, double> _values = new(64, StringComparer.Ordinal);

    /// <summary>Value by canonical series text. The same object after <see cref="Clear"/>, with other content.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Values left away because a report may hold <see cref="ReportLimits.MaxSeriesPerReport"/> series only.</summary>
    public int LeftAway { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _values.Clear();
        LeftAway = 0;
    }

    /// <summary>Adds one value. Of two values for one series the first stays; what is not a finite number is no value.</summary>
    public void Add(string series, double value)
    {
        if (!double.IsFinite(value)) return;
        if (_values.Count >= ReportLimits.MaxSeriesPerReport && !_values.ContainsKey(series))
        {
            LeftAway++;
            return;
        }

        _values.TryAdd(series, value);
    }

    /// <summary>Adds a percentage, rounded to one decimal and held between 0 and 100.</summary>
    public void AddPercent(string series, double percent) => Add(series, Math.Round(Math.Clamp(percent, 0, 100), 1));
}
