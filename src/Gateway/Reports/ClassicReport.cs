using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Reports;

/// <summary>
/// A sample of the older StatusMonitor's agents as series of ours. Its headless agent, its GUI agent and its README each write other members; all
/// are read. Members nobody knows are passed over, as ever.
/// </summary>
internal readonly record struct ClassicReport(DateTimeOffset At, ImmutableArray<string> Names, ImmutableArray<double> Values, string? Error)
{
    private static readonly string[] Sections = ["cpu", "memory", "disk", "network"];

    /// <summary>Reads a body; <see cref="Error"/> says what is wrong with it, in the words of the original where it has any.</summary>
    public static ClassicReport Read(ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return reader.Read() ? Wrong("Invalid JSON") : Read(document.RootElement, now);
        }
        catch (JsonException)
        {
            return Wrong("Invalid JSON");
        }
        catch (InvalidOperationException)
        {
            // Text that is not UTF-8.
            return Wrong("Invalid JSON");
        }
    }

    private static ClassicReport Read(JsonElement root, DateTimeOffset now)
    {
        if (root.ValueKind != JsonValueKind.Object) return Wrong("Missing required fields");

        var at = now;
        if (root.TryGetProperty("timestamp", out var timestamp))
        {
            if (timestamp.ValueKind != JsonValueKind.Number || !timestamp.TryGetDouble(out var seconds) || !IsTime(seconds)) return Wrong("Invalid timestamp");
            at = DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
            if (at > now + ReportLimits.MaxAhead) return Wrong("The timestamp is more than 24 hours ahead");
        }
        else if (!Sections.Any(section => root.TryGetProperty(section, out _)))
        {
            return Wrong("Missing required fields");
        }

        var samples = new Samples();
        ReadCpu(Section(root, "cpu"), samples);
        ReadMemory(Section(root, "memory"), samples);
        ReadDisk(Section(root, "disk"), samples);
        ReadNetwork(Section(root, "network"), samples);
        return samples.Problem is { } problem
            ? Wrong(problem)
            : new ClassicReport(at, samples.Names.ToImmutable(), samples.Values.ToImmutable(), null);
    }

    private static void ReadCpu(JsonElement cpu, Samples samples)
    {
        samples.Add(KnownSeries.CpuPercent, Number(cpu, "usage_percent") ?? Number(cpu, "percent"));
        samples.AddEach(KnownSeries.CpuCorePercent, "core", Section(cpu, "per_core_usage"));
        samples.Add(KnownSeries.CpuFrequency, Number(Section(cpu, "freq"), "current") ?? Number(cpu, "frequency_mhz"));
        var load = Section(cpu, "load_avg");
        if (load.ValueKind == JsonValueKind.Array && load.GetArrayLength() == 3)
        {
            samples.Add(KnownSeries.Load1, Number(load[0]));
            samples.Add(KnownSeries.Load5, Number(load[1]));
            samples.Add(KnownSeries.Load15, Number(load[2]));
        }
    }

    private static void ReadMemory(JsonElement memory, Samples samples)
    {
        var total = Number(memory, "total");
        var available = Number(memory, "available");
        samples.Add(KnownSeries.MemoryUsedPercent, Number(memory, "used_percent") ?? Number(memory, "percent"));
        samples.Add(KnownSeries.MemoryTotalBytes, total);
        samples.Add(KnownSeries.MemoryAvailableBytes, available);
        samples.Add(KnownSeries.MemoryUsedBytes, Number(memory, "used") ?? (total - available));
    }

    private static void ReadDisk(JsonElement disk, Samples samples)
    {
        var partitions = Section(disk, "partitions");
        if (partitions.ValueKind == JsonValueKind.Array)
        {
            foreach (var partition in partitions.EnumerateArray())
            {
                if (partition.ValueKind != JsonValueKind.Object) continue;
                if (partition.TryGetProperty("mountpoint", out var mount) && mount.ValueKind == JsonValueKind.String) ReadFilesystem(partition, mount.GetString()!, samples);
            }
        }
        else
        {
            ReadFilesystem(disk, "/", samples);
        }

        // The originals count all disks together.
        var io = Section(disk, "io");
        SeriesLabel all = new("device", "all");
        samples.Add(KnownSeries.DiskReadBytes, Number(io, "read_bytes"), all);
        samples.Add(KnownSeries.DiskWriteBytes, Number(io, "write_bytes"), all);
        samples.Add(KnownSeries.DiskReads, Number(io, "read_count"), all);
        samples.Add(KnownSeries.DiskWrites, Number(io, "write_count"), all);
        samples.Add(KnownSeries.DiskBusySeconds, Number(io, "busy_time") / 1000, all);
    }

    private static void ReadFilesystem(JsonElement values, string mountPoint, Samples samples)
    {
        SeriesLabel mount = new("mount", mountPoint);
        samples.Add(KnownSeries.DiskUsedPercent, Number(values, "percent"), mount);
        samples.Add(KnownSeries.DiskTotalBytes, Number(values, "total"), mount);
        samples.Add(KnownSeries.DiskUsedBytes, Number(values, "used"), mount);
        samples.Add(KnownSeries.DiskFreeBytes, Number(values, "free"), mount);
    }

    private static void ReadNetwork(JsonElement network, Samples samples)
    {
        SeriesLabel all = new("nic", "all");
        samples.Add(KnownSeries.NetReceivedBytes, Number(network, "bytes_recv"), all);
        samples.Add(KnownSeries.NetSentBytes, Number(network, "bytes_sent"), all);
        samples.Add(KnownSeries.NetReceivedPackets, Number(network, "packets_recv"), all);
        samples.Add(KnownSeries.NetSentPackets, Number(network, "packets_sent"), all);
        samples.Add(KnownSeries.NetReceiveErrors, Number(network, "errin"), all);
        samples.Add(KnownSeries.NetSendErrors, Number(network, "errout"), all);
        samples.Add(KnownSeries.NetReceiveDrops, Number(network, "dropin"), all);
        samples.Add(KnownSeries.NetSendDrops, Number(network, "dropout"), all);
    }

    private static bool IsTime(double seconds) =>
        seconds >= ReportLimits.Earliest.ToUnixTimeSeconds() && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static JsonElement Section(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var section) ? section : default;

    private static double? Number(JsonElement parent, string name) => Number(Section(parent, name));

    private static double? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    private static ClassicReport Wrong(string error) => new(default, [], [], error);

    /// <summary>Samples in the making, each series once.</summary>
    private sealed class Samples
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public ImmutableArray<string>.Builder Names { get; } = ImmutableArray.CreateBuilder<string>();

        public ImmutableArray<double>.Builder Values { get; } = ImmutableArray.CreateBuilder<double>();

        /// <summary>The first thing that cannot be stored, or null.</summary>
        public string? Problem { get; private set; }

        public void Add(string name, double? value, params ReadOnlySpan<SeriesLabel> labels)
        {
            if (value is not { } number || Problem is not null) return;
            if (!double.IsFinite(number))
            {
                Problem = $"{name} is not a finite number";
                return;
            }

            if (!SeriesName.TryCreate(name, labels, out var series, out var error))
            {
                Problem = $"{name} {error}";
                return;
            }

            var text = SeriesNamePool.Share(series.ToString());
            if (!_seen.Add(text))
            {
                Problem = $"{text} is there twice";
                return;
            }

            if (Names.Count == ReportLimits.MaxSeriesPerReport)
            {
                Problem = string.Create(CultureInfo.InvariantCulture, $"A report holds at most {ReportLimits.MaxSeriesPerReport} series");
                return;
            }

            Names.Add(text);
            Values.Add(number);
        }

        public void AddEach(string name, string label, JsonElement values)
        {
            if (values.ValueKind != JsonValueKind.Array) return;
            var index = 0;
            foreach (var value in values.EnumerateArray())
            {
                Add(name, Number(value), new SeriesLabel(label, index.ToString(CultureInfo.InvariantCulture)));
                index++;
            }
        }
    }
}
