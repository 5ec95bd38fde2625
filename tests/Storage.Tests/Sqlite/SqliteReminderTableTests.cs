using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteReminderTableTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("host", "1");
    private static readonly DateTime Start = new(2026, 11, 22, 5, 0, 0, 123, DateTimeKind.Utc);

    private readonly DataFolder _folder = new();
    private SqliteStore _store;
    private SqliteReminderTable _table;

    public SqliteReminderTableTests()
    {
        _store = _folder.Open();
        _table = new SqliteReminderTable(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AReminder_IsReadBack_AlsoAfterARestart()
    {
        var tag = await _table.UpsertRow(Entry(Grain, "check"));

        _store.Dispose();
        _store = _folder.Open();
        _table = new SqliteReminderTable(_store);
        var row = await _table.ReadRow(Grain, "check");

        Assert.NotNull(row);
        Assert.Equal((Grain, "check", Start, TimeSpan.FromHours(1), tag), (row.GrainId, row.ReminderName, row.StartAt, row.Period, row.ETag));
        Assert.Equal(DateTimeKind.Utc, row.StartAt.Kind);
    }

    [Fact]
    public async Task AReminderThatIsNotThere_IsNull()
    {
        await _table.UpsertRow(Entry(Grain, "check"));

        Assert.Null(await _table.ReadRow(Grain, "Check"));
        Assert.Null(await _table.ReadRow(GrainId.Create("host", "2"), "check"));
    }

    [Fact]
    public async Task TheSameName_IsOneReminder_WithANewTag()
    {
        var first = await _table.UpsertRow(Entry(Grain, "check"));
        var changed = Entry(Grain, "check");
        changed.Period = TimeSpan.FromHours(2);
        var second = await _table.UpsertRow(changed);

        Assert.NotEqual(first, second);
        var row = Assert.Single((await _table.ReadRows(Grain)).Reminders);
        Assert.Equal((TimeSpan.FromHours(2), second), (row.Period, row.ETag));
    }

    [Fact]
    public async Task RemindersOfAGrain_AreItsOwn()
    {
        await _table.UpsertRow(Entry(Grain, "a"));
        await _table.UpsertRow(Entry(Grain, "b"));
        await _table.UpsertRow(Entry(GrainId.Create("host", "2"), "c"));

        Assert.Equal(["a", "b"], (await _table.ReadRows(Grain)).Reminders.Select(row => row.ReminderName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Removing_NeedsTheTag()
    {
        var old = await _table.UpsertRow(Entry(Grain, "check"));
        var current = await _table.UpsertRow(Entry(Grain, "check"));

        Assert.False(await _table.RemoveRow(Grain, "check", old!));
        Assert.NotNull(await _table.ReadRow(Grain, "check"));

        Assert.True(await _table.RemoveRow(Grain, "check", current!));
        Assert.Null(await _table.ReadRow(Grain, "check"));
        Assert.False(await _table.RemoveRow(Grain, "check", current!));
    }

    [Fact]
    public async Task AReminderMadeAgain_DoesNotGetTheOldTag()
    {
        var old = await _table.UpsertRow(Entry(Grain, "check"));
        await _table.RemoveRow(Grain, "check", old!);
        await _table.UpsertRow(Entry(Grain, "check"));

        Assert.False(await _table.RemoveRow(Grain, "check", old!));
    }

    [Fact]
    public async Task ARange_IsAfterItsBeginAndUpToItsEnd_AroundTheRing()
    {
        var grains = Enumerable.Range(1, 20).Select(i => GrainId.Create("host", $"{i}")).OrderBy(grain => grain.GetUniformHashCode()).ToArray();
        foreach (var grain in grains) await _table.UpsertRow(Entry(grain, "check"));
        var (low, high) = (grains[4].GetUniformHashCode(), grains[14].GetUniformHashCode());

        Assert.Equal(grains[5..15], await InAsync(low, high));
        Assert.Equal([.. grains[..5], .. grains[15..]], await InAsync(high, low));
        Assert.Equal(grains, await InAsync(low, low));
        Assert.Equal(grains, await InAsync(0, uint.MaxValue));

        async Task<List<GrainId>> InAsync(uint begin, uint end) =>
            [.. (await _table.ReadRows(begin, end)).Reminders.Select(row => row.GrainId).OrderBy(grain => grain.GetUniformHashCode())];
    }

    [Fact]
    public async Task AClearedTable_IsEmpty()
    {
        await _table.UpsertRow(Entry(Grain, "check"));
        await _table.TestOnlyClearTable();

        Assert.Empty((await _table.ReadRows(0, 0)).Reminders);
    }

    private static ReminderEntry Entry(GrainId grain, string name) => new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = TimeSpan.FromHours(1) };
}
