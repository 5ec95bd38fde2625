using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.State;

/// <summary>What every table of reminders must do. A store derives it and says how it is opened.</summary>
public abstract class ReminderTableSuite(Func<IStatePlace> place) : StateSuite(place)
{
    private static readonly GrainId Grain = GrainId.Create("host", "1");
    private static readonly DateTime Start = new(2026, 11, 22, 5, 0, 0, 123, DateTimeKind.Utc);

    [SuiteFact]
    public async Task AReminder_IsReadBack_AlsoAfterARestart()
    {
        var tag = await Table.UpsertRow(Entry(Grain, "check"));

        await ReopenAsync();
        var row = await Table.ReadRow(Grain, "check");

        Assert.NotNull(row);
        Assert.Equal((Grain, "check", Start, TimeSpan.FromHours(1), tag), (row.GrainId, row.ReminderName, row.StartAt, row.Period, row.ETag));
        Assert.Equal(DateTimeKind.Utc, row.StartAt.Kind);
    }

    [SuiteFact]
    public async Task AReminderThatIsNotThere_IsNull()
    {
        await Table.UpsertRow(Entry(Grain, "check"));

        Assert.Null(await Table.ReadRow(Grain, "Check"));
        Assert.Null(await Table.ReadRow(GrainId.Create("host", "2"), "check"));
    }

    [SuiteFact]
    public async Task TheSameName_IsOneReminder_WithANewTag()
    {
        var first = await Table.UpsertRow(Entry(Grain, "check"));
        var changed = Entry(Grain, "check");
        changed.Period = TimeSpan.FromHours(2);
        var second = await Table.UpsertRow(changed);

        Assert.NotEqual(first, second);
        var row = Assert.Single((await Table.ReadRows(Grain)).Reminders);
        Assert.Equal((TimeSpan.FromHours(2), second), (row.Period, row.ETag));
    }

    [SuiteFact]
    public async Task RemindersOfAGrain_AreItsOwn()
    {
        await Table.UpsertRow(Entry(Grain, "a"));
        await Table.UpsertRow(Entry(Grain, "b"));
        await Table.UpsertRow(Entry(GrainId.Create("host", "2"), "c"));

        Assert.Equal(["a", "b"], (await Table.ReadRows(Grain)).Reminders.Select(row => row.ReminderName).Order(StringComparer.Ordinal));
    }

    [SuiteFact]
    public async Task Removing_NeedsTheTag()
    {
        var old = await Table.UpsertRow(Entry(Grain, "check"));
        var current = await Table.UpsertRow(Entry(Grain, "check"));

        Assert.False(await Table.RemoveRow(Grain, "check", old!));
        Assert.NotNull(await Table.ReadRow(Grain, "check"));

        Assert.True(await Table.RemoveRow(Grain, "check", current!));
        Assert.Null(await Table.ReadRow(Grain, "check"));
        Assert.False(await Table.RemoveRow(Grain, "check", current!));
    }

    [SuiteFact]
    public async Task AReminderMadeAgain_DoesNotGetTheOldTag()
    {
        var old = await Table.UpsertRow(Entry(Grain, "check"));
        await Table.RemoveRow(Grain, "check", old!);
        await Table.UpsertRow(Entry(Grain, "check"));

        Assert.False(await Table.RemoveRow(Grain, "check", old!));
    }

    [SuiteFact]
    public async Task ARange_IsAfterItsBeginAndUpToItsEnd_AroundTheRing()
    {
        var grains = Enumerable.Range(1, 20).Select(i => GrainId.Create("host", $"{i}")).OrderBy(grain => grain.GetUniformHashCode()).ToArray();
        foreach (var grain in grains) await Table.UpsertRow(Entry(grain, "check"));
        var (low, high) = (grains[4].GetUniformHashCode(), grains[14].GetUniformHashCode());

        Assert.Equal(grains[5..15], await InAsync(low, high));
        Assert.Equal([.. grains[..5], .. grains[15..]], await InAsync(high, low));
        Assert.Equal(grains, await InAsync(low, low));
        Assert.Equal(grains, await InAsync(0, uint.MaxValue));

        async Task<List<GrainId>> InAsync(uint begin, uint end) =>
            [.. (await Table.ReadRows(begin, end)).Reminders.Select(row => row.GrainId).OrderBy(grain => grain.GetUniformHashCode())];
    }

    [SuiteFact]
    public async Task AClearedTable_IsEmpty()
    {
        await Table.UpsertRow(Entry(Grain, "check"));
        await Table.TestOnlyClearTable();

        Assert.Empty((await Table.ReadRows(0, 0)).Reminders);
    }

    private static ReminderEntry Entry(GrainId grain, string name) => new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = TimeSpan.FromHours(1) };
}
