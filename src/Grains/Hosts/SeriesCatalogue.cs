using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// The series a host ever had, numbered in order of appearance; the journal's rows know them by number.
/// A number is given in memory first and stored with the first row that uses it.
/// </summary>
public sealed class SeriesCatalogue(int maxSeries)
{
    /// <summary>A set this large is looked up through a dictionary, made for that one look-up and dropped: most sets are met once.</summary>
    private const int DictionaryFrom = 48;

    private readonly List<string> _names = [];
    private int _stored;
    private SeriesSet? _lastSet;
    private int[] _lastIds = [];

    /// <summary>Names by id.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The id of a series by its canonical name, or -1.</summary>
    public int Find(string name) => _names.IndexOf(name);

    /// <summary>Takes over what is stored.</summary>
    public void Load(IReadOnlyList<SeriesEntry> stored)
    {
        foreach (var entry in stored)
        {
            if (entry.Id != _names.Count) throw new InvalidDataException($"The stored catalogue of series has no number {_names.Count}.");
            _names.Add(SeriesNamePool.Share(entry.Name));
        }

        _stored = _names.Count;
    }

    /// <summary>The ids of a set's series, in its order, numbering new ones. False if there would be too many; then nothing changes.</summary>
    public bool TryMap(SeriesSet set, out int[] ids)
    {
        if (set.SameAs(_lastSet))
        {
            _lastSet = set;
            ids = _lastIds;
            return true;
        }

        ids = new int[set.Names.Length];
        var known = ids.Length >= DictionaryFrom || _names.Count >= DictionaryFrom ? Index() : null;
        var count = _names.Count;
        for (var i = 0; i < ids.Length; i++)
        {
            var name = set.Names[i];
            var id = known is null ? _names.IndexOf(name, 0, count) : known.GetValueOrDefault(name, -1);
            if (id < 0)
            {
                id = _names.Count;
                _names.Add(name);
            }

            ids[i] = id;
        }

        if (_names.Count > count && _names.Count > maxSeries)
        {
            _names.RemoveRange(count, _names.Count - count);
            return false;
        }

        _lastSet = set;
        _lastIds = ids;
        return true;
    }

    /// <summary>Numbers given but not yet stored.</summary>
    public IReadOnlyList<SeriesEntry> Unstored()
    {
        if (_stored == _names.Count) return [];
        var entries = new SeriesEntry[_names.Count - _stored];
        for (var i = 0; i < entries.Length; i++) entries[i] = new SeriesEntry(_stored + i, _names[_stored + i]);
        return entries;
    }

    /// <summary>The entries of <see cref="Unstored"/> are on disk now.</summary>
    public void Stored(IReadOnlyList<SeriesEntry> entries) => _stored += entries.Count;

    private Dictionary<string, int> Index()
    {
        var index = new Dictionary<string, int>(_names.Count, StringComparer.Ordinal);
        for (var i = 0; i < _names.Count; i++) index.Add(_names[i], i);
        return index;
    }
}
