using StatusMonitor.Agent.Collectors;

namespace StatusMonitor.Agent.Tests.Support;

/// <summary>The recorded files of a machine, or ones that a test writes itself.</summary>
internal sealed class Machine : IDisposable
{
    private readonly string _root;
    private readonly bool _isScratch;

    private Machine(string root, bool isScratch)
    {
        _root = root;
        _isScratch = isScratch;
        Files = new SystemFiles(root);
    }

    /// <summary>Recorded under <c>Fixtures</c>.</summary>
    public static Machine Recorded(string name)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
        Assert.True(Directory.Exists(root), $"There is no fixture {root}.");
        return new Machine(root, isScratch: false);
    }

    /// <summary>A machine without any file.</summary>
    public static Machine Empty() => new(Directory.CreateTempSubdirectory("agent-test-").FullName, isScratch: true);

    public SystemFiles Files { get; }

    public Machine Write(string path, string text)
    {
        Assert.True(_isScratch);
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public Machine Delete(string path)
    {
        Assert.True(_isScratch);
        File.Delete(Path.Combine(_root, path));
        return this;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(_root, path));

    public void Dispose()
    {
        if (_isScratch) Directory.Delete(_root, recursive: true);
    }
}

internal static class CollectorExtensions
{
    /// <summary>What a collector finds now, and that it found something.</summary>
    public static Dictionary<string, double> Values(this ICollector collector)
    {
        var samples = new SampleSet();
        Assert.Equal(Outcome.Collected, collector.Collect(samples));
        return new Dictionary<string, double>(samples.Values);
    }

    public static void HasNoData(this ICollector collector)
    {
        var samples = new SampleSet();
        Assert.Equal(Outcome.NoData, collector.Collect(samples));
        Assert.Empty(samples.Values);
    }
}
