using Orleans.Storage;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.State;

/// <summary>What every store of grain state must do. A store derives it and says how it is opened.</summary>
public abstract class GrainStorageSuite(Func<IStatePlace> place) : StateSuite(place)
{
    private static readonly GrainId Grain = GrainId.Create("host", "1");

    [SuiteFact]
    public async Task NothingStored_IsANewStateWithoutATag()
    {
        var state = await ReadAsync();

        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Text);
    }

    [SuiteFact]
    public async Task AWrittenState_IsReadBack_AlsoAfterARestart()
    {
        // What a column for JSON would refuse or change.
        const string Text = "ä 😀 \0 \\u0000";
        var written = await WriteAsync(new GrainState<Note>(new Note { Text = Text, Numbers = { [7] = 1.5, [8] = -0.0, [9] = 1e300 } }));
        Assert.True(written.RecordExists);
        Assert.NotNull(written.ETag);

        await ReopenAsync();
        var read = await ReadAsync();
        Assert.Equal(written.ETag, read.ETag);
        Assert.True(read.RecordExists);
        Assert.Equal(Text, read.State!.Text);
        Assert.Equal([(7L, BitConverter.DoubleToInt64Bits(1.5)), (8L, BitConverter.DoubleToInt64Bits(-0.0)), (9L, BitConverter.DoubleToInt64Bits(1e300))], read.State.Numbers.Select(pair => (pair.Key, BitConverter.DoubleToInt64Bits(pair.Value))).Order());
    }

    [SuiteFact]
    public async Task EachWrite_GivesANewTag()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "1" }));
        var first = state.ETag;
        await WriteAsync(state);

        Assert.NotEqual(first, state.ETag);
        Assert.Equal(state.ETag, (await ReadAsync()).ETag);
    }

    [SuiteFact]
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

    [SuiteFact]
    public async Task AWriteWithoutATag_IsOnlyForWhatIsNotThere()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(new GrainState<Note>(new Note { Text = "second" })));

        Assert.Equal("first", (await ReadAsync()).State!.Text);
    }

    [SuiteFact]
    public async Task OfTwoWritersInOneGroup_OneWins()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var (a, b) = (await ReadAsync(), await ReadAsync());
        (a.State!.Text, b.State!.Text) = ("a", "b");
        var release = await Place.HoldAsync();

        var writeA = WriteAsync(a);
        var writeB = WriteAsync(b);
        await release().Soon("the write before them");

        await writeA.Soon("the first write");
        await Assert.ThrowsAsync<InconsistentStateException>(() => writeB.Soon("the second write"));
        Assert.Equal("a", (await ReadAsync()).State!.Text);
    }

    [SuiteFact]
    public async Task OfTwoThatMakeTheSameInOneGroup_OneDoes_AndNobodyReplacesWhatIsJustMade()
    {
        var release = await Place.HoldAsync();

        var writeA = WriteAsync(new GrainState<Note>(new Note { Text = "a" }));
        var writeB = WriteAsync(new GrainState<Note>(new Note { Text = "b" }));
        var writeC = WriteAsync(new GrainState<Note>(new Note { Text = "c" }) { ETag = "1000" });
        await release().Soon("the write before them");

        await writeA.Soon("the first write");
        await Assert.ThrowsAsync<InconsistentStateException>(() => writeB.Soon("the second write"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => writeC.Soon("the third write"));
        Assert.Equal("a", (await ReadAsync()).State!.Text);
    }

    [SuiteFact]
    public async Task AClearedState_IsNewAgain_AndCanBeWrittenAgain()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));

        await Storage.ClearStateAsync("note", Grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Text);
        var read = await ReadAsync();
        Assert.False(read.RecordExists);
        Assert.Equal("", read.State!.Text);

        read.State.Text = "second";
        await WriteAsync(read);
        Assert.Equal("second", (await ReadAsync()).State!.Text);
    }

    [SuiteFact]
    public async Task AStaleClear_Throws_AndLeavesWhatIsStored()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var stale = await ReadAsync();
        await WriteAsync(await ReadAsync());

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("note", Grain, stale));

        Assert.Equal("first", (await ReadAsync()).State!.Text);
    }

    [SuiteFact]
    public async Task AStaleWriteAfterAClear_DoesNotBringTheOldStateBack()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "old" }));
        var stale = await ReadAsync();
        await Storage.ClearStateAsync("note", Grain, await ReadAsync());

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(new GrainState<Note>(new Note { Text = "old" })));

        Assert.False((await ReadAsync()).RecordExists);
    }

    [SuiteFact]
    public async Task StatesOfOtherNamesAndGrains_AreApart()
    {
        await WriteAsync(new GrainState<Note>(new Note { Text = "this" }));

        var otherName = new GrainState<Note>();
        await Storage.ReadStateAsync("other", Grain, otherName);

        Assert.False(otherName.RecordExists);
        Assert.False((await ReadAsync(grain: GrainId.Create("host", "2"))).RecordExists);
    }

    [SuiteFact]
    public async Task AWriteThatIsRefused_LeavesTheTag_SoThatItCanBeTriedAgain()
    {
        var state = await WriteAsync(new GrainState<Note>(new Note { Text = "first" }));
        var tag = state.ETag;

        state.State!.Text = "second";
        using (Place.BreakWrites()) await Assert.ThrowsAnyAsync<StorageFailedException>(() => WriteAsync(state).Soon("the refused write"));
        Assert.Equal(tag, state.ETag);
        Assert.Equal("first", (await ReadAsync()).State!.Text);

        await WriteAsync(state);
        Assert.Equal("second", (await ReadAsync()).State!.Text);
    }

    /// <summary>After a restart all hosts come within seconds, and each has something to store.</summary>
    [SuiteFact]
    public async Task StatesOfManyGrains_WrittenAtOnce_AreEachTheirOwn()
    {
        const int Grains = 2_000, Writes = 3;
        await Task.WhenAll(Enumerable.Range(0, Grains).Select(async i =>
        {
            var (grain, state) = (GrainId.Create("host", $"{i}"), new GrainState<Note>(new Note()));
            for (var write = 1; write <= Writes; write++)
            {
                state.State!.Text = $"{i} {write}";
                await WriteAsync(state, grain: grain);
            }
        })).Soon("the writes");

        foreach (var i in new[] { 0, 1, 999, Grains - 1 }) Assert.Equal($"{i} {Writes}", (await ReadAsync(grain: GrainId.Create("host", $"{i}"))).State!.Text);
    }

    /// <summary>Two servers believe for a while that they have the same grains. Whatever was written counts; what was refused has changed nothing.</summary>
    [SuiteFact]
    public async Task WritersThatDoNotKnowOfEachOther_LoseNoWriteThatWasTaken()
    {
        const int Grains = 40, Rounds = 25;
        var other = await Place.OpenAnotherAsync();
        var (taken, refused) = (new int[Grains], 0);
        await Task.WhenAll(new[] { Storage, other }.SelectMany(storage => Enumerable.Range(0, Grains), async (storage, i) =>
        {
            var grain = GrainId.Create("host", $"{i}");
            for (var round = 0; round < Rounds; round++)
            {
                var state = await ReadAsync(storage, grain);
                state.State!.Numbers[0] = state.State.Numbers.GetValueOrDefault(0) + 1;
                try
                {
                    await WriteAsync(state, storage, grain);
                    Interlocked.Increment(ref taken[i]);
                }
                catch (InconsistentStateException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })).Soon("the writers");

        for (var i = 0; i < Grains; i++) Assert.Equal(taken[i], (await ReadAsync(grain: GrainId.Create("host", $"{i}"))).State!.Numbers[0]);
        Assert.True(refused > 0, "They never met; the test has tried nothing.");
    }

    private async Task<GrainState<Note>> ReadAsync(IGrainStorage? storage = null, GrainId? grain = null)
    {
        var state = new GrainState<Note>();
        await (storage ?? Storage).ReadStateAsync("note", grain ?? Grain, state);
        return state;
    }

    private async Task<GrainState<Note>> WriteAsync(GrainState<Note> state, IGrainStorage? storage = null, GrainId? grain = null)
    {
        await (storage ?? Storage).WriteStateAsync("note", grain ?? Grain, state);
        return state;
    }

    public sealed class Note
    {
        public string Text { get; set; } = "";

        public Dictionary<long, double> Numbers { get; set; } = [];
    }
}
