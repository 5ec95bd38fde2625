using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>
/// Whatever is appended, compacted, swept and deleted, however often the store is closed or crashes between: every acknowledged sample is there once, and rollups are
/// what they would be if computed from all of them at once.
/// </summary>
public abstract class AnyHistorySuite(Func<IStorePlace> newPlace)
{
    private const int Hosts = 3;
    private const int HoursOfTest = 4;

    [SuiteFact]
    public void AnyHistory_IsReadAsOneSimpleListWouldHaveIt()
    {
        var time = Gen.Choose(0, HoursOfTest * 60 - 1).SelectMany(minute => Gen.Elements(0, 7, 30), (minute, second) => minute * 60 + second);
        var run = Gen.Choose(0, HoursOfTest * 60 - 20).SelectMany(first => Gen.Choose(2, 20), (first, count) => Enumerable.Range(first, count).Select(minute => minute * 60).ToList());
        var times = Gen.OneOf(Gen.NonEmptyListOf(time).Select(list => list.Take(12).ToList()), run);
        var steps = Gen.Frequency(
            (12, Gen.Choose(1, Hosts).SelectMany(host => times, (host, at) => new Step(StepKind.Append, host, [.. at]))),
            (5, Gen.Choose(0, HoursOfTest).Select(hours => new Step(StepKind.Compact, hours))),
            (2, Gen.Constant(new Step(StepKind.Sweep))),
            (1, Gen.Choose(1, Hosts).Select(host => new Step(StepKind.Delete, host))),
            (2, Gen.Constant(new Step(StepKind.Reopen))),
            (2, Gen.Constant(new Step(StepKind.Crash))));
        Prop.ForAll(Gen.NonEmptyListOf(steps).ToArbitrary(), history =>
        {
            RunAsync([.. history]).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    private async Task RunAsync(Step[] steps)
    {
        await using var place = newPlace();
        var store = await place.OpenAsync();
        try
        {
            var model = Enumerable.Range(1, Hosts).ToDictionary(host => host, _ => new HashSet<long>());
            foreach (var step in steps)
            {
                switch (step.Kind)
                {
                    case StepKind.Append:
                        var rows = step.Seconds.Select(second => Row(Start + second * 1_000)).ToArray();
                        var isNew = (await store.Journal.ReadTailAsync(step.Host, TimeSpan.Zero, 0, default)).Series.Count == 0;
                        var expected = rows.Count(row => model[step.Host].Add(row.At));
                        Assert.Equal(expected, await store.Journal.AppendAsync(step.Host, isNew ? Series : [], rows).Soon("an append"));
                        break;
                    case StepKind.Compact:
                        await store.Upkeep.CompactAsync(Time(Start + step.Host * Hour).AddMinutes(10), default).Soon("a compaction");
                        break;
                    case StepKind.Sweep:
                        await store.Upkeep.SweepAsync(new HistoryCutoffs(Start, Start, Start), default).Soon("a sweep");
                        break;
                    case StepKind.Delete:
                        while (!await store.Journal.DeleteAsync(step.Host).Soon("a part of a delete"))
                        {
                        }

                        model[step.Host].Clear();
                        break;
                    case StepKind.Reopen:
                        await store.Close();
                        store = await place.OpenAsync();
                        break;
                    default:
                        store = await place.OpenAsAfterACrashAsync(store);
                        break;
                }

                foreach (var (host, times) in model)
                {
                    await AssertAllAsync(store.History, host, [.. times]);
                    Assert.Equal(times.Order(), await store.Journal.TimesAsync(host));
                }
            }
        }
        finally
        {
            await store.Close();
        }
    }

    private enum StepKind
    {
        Append,
        Compact,
        Sweep,
        Delete,
        Reopen,
        Crash,
    }

    /// <summary>What happens; the number is that of a host, or the hours that are over.</summary>
    private sealed record Step(StepKind Kind, int Host = 0, int[]? At = null)
    {
        public int[] Seconds { get; } = At ?? [];

        public override string ToString() => Kind == StepKind.Append ? $"{Host}:[{string.Join(',', Seconds)}]" : $"{Kind} {Host}";
    }
}
