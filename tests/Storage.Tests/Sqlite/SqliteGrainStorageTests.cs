using Orleans.Storage;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("host", "1");

    private readonly DataFolder _folder = new();
    private SqliteStore _store;
    private SqliteGrainStorage _storage;

    public SqliteGrainStorageTests()
    {
        _store = _folder.Open();
        _storage = new SqliteGrainStorage(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task NothingStored_IsANewStateWithoutATag()
    {
        var state = await ReadAsync();

        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Text);
    }

    [Fact]
    public async Task AWrittenState_IsReadBack_AlsoAfterARestart()
    {
        var written = await WriteAsync(new GrainState<Note>(new Note { Text = "ä 😀", Numbers = { [7] = 1.5 } }));
        Assert.True(written.RecordExists);
        Assert.NotNull(written.ETag);

        Restart();
        var read = await ReadAsync();
        Assert.Equal(written.ETag, read.ETag);
        Assert.True(read.RecordExists);
        Assert.Equal("ä 😀", read.State!.Text);
        Assert.Equal(1.5, read.State.Numbers[7]);
    }

    [Fact]
    public async Task EachWrite_GivesANewTag()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "1" }));
        var first = state.ETag;
        await WriteAsync(state);

        Assert.NotEqual(first, state.ETag);
        Assert.Equal(state.ETag, (await ReadAsync()).ETag);
    }

    [Fact]
    public async Task AStaleWrite_Throws_AndLeavesWhatIsStored()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var stale = await ReadAsync();
        var fresh = await ReadAsync();
        fresh.State!.Text = "second";
        await WriteAsync(fresh);

        var staleTag = stale.ETag;
        stale.State!.Text = "stale";
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale));

        Assert.Equal(staleTag, stale.ETag);
        var stored = await ReadAsync();
        Assert.Equal("second", stored.State!.Text);
        Assert.Equal(fresh.ETag, stored.ETag);
    }

    [Fact]
    public async Task AWriteWithoutATag_IsOnlyForWhatIsNotThere()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(new GrainState<Note>(new Note { Text = "second" })));

        Assert.Equal("first", (await ReadAsync()).State!.Text);
    }

    [Fact]
    public async Task OfTwoWritersInOneGroup_OneWins()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var (a, b) = (await ReadAsync(), await ReadAsync());
        (a.State!.Text, b.State!.Text) = ("a", "b");
        var held = await HeldWrite.HoldAsync(_store);

        var writeA = WriteAsync(a);
        var writeB = WriteAsync(b);
        held.Release();

        await writeA.Soon("the first write");
        await Assert.ThrowsAsync<InconsistentStateException>(() => writeB.Soon("the second write"));
        Assert.Equal("a", (await ReadAsync()).State!.Text);
    }

    [Fact]
    public async Task AClearedState_IsNewAgain_AndCanBeWrittenAgain()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));

        await _storage.ClearStateAsync("note", Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Text);
        var read = await ReadAsync();
        Assert.False(read.RecordExists);
        Assert.Equal("", read.State!.Text);

        read.State.Text = "second";
        await WriteAsync(read);
        Assert.Equal("second", (await ReadAsync()).State!.Text);
    }

    [Fact]
    public async Task AStaleClear_Throws_AndLeavesWhatIsStored()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var stale = await ReadAsync();
        await WriteAsync(await ReadAsync());

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("note", Grain, stale));

        Assert.Equal("first", (await ReadAsync()).State!.Text);
    }

    [Fact]
    public async Task AStaleWriteAfterAClear_DoesNotBringTheOldStateBack()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "old" }));
        var stale = await ReadAsync();
        await _storage.ClearStateAsync("note", Grain, await ReadAsync());

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(new GrainState<Note>(new Note { Text = "old" })));

        Assert.False((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task StatesOfOtherNamesAndGrains_AreApart()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "this" }));

        var otherName = new GrainState<Note>();
        await _storage.ReadStateAsync("other", Grain, otherName);
        var otherGrain = new GrainState<Note>();
        await _storage.ReadStateAsync("note", GrainId.Create("host", "2"), otherGrain);

        Assert.False(otherName.RecordExists);
        Assert.False(otherGrain.RecordExists);
    }

    [Fact]
    public async Task AWriteThatTheDiskRefused_LeavesTheTag_SoThatItCanBeTriedAgain()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var tag = state.ETag;
        await SqlWrite.RunAsync(_store, $"pragma max_page_count = {await SqlWrite.NumberAsync(_store, "pragma page_count")}");

        state.State!.Text = new string('x', 500_000);
        await Assert.ThrowsAsync<StorageFailedException>(() => WriteAsync(state));
        Assert.Equal(tag, state.ETag);

        await SqlWrite.RunAsync(_store, "pragma max_page_count = 1000000");
        await WriteAsync(state);
        Assert.Equal(500_000, (await ReadAsync()).State!.Text.Length);
    }

    private async Task<GrainState<Note>> ReadAsync()
    {
        var state = new GrainState<Note>();
        await _storage.ReadStateAsync("note", Grain, state);
        return state;
    }

    private async Task<GrainState<Note>> WriteAsync(GrainState<Note> state)
    {
        await _storage.WriteStateAsync("note", Grain, state);
        return state;
    }

    private void Restart()
    {
        _store.Dispose();
        _store = _folder.Open();
        _storage = new SqliteGrainStorage(_store);
    }

    public sealed class Note
    {
        public string Text { get; set; } = "";

        public Dictionary<long, double> Numbers { get; set; } = [];
    }
}
