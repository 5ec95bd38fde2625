using Orleans.Storage;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class StoredStateTests
{
    private static readonly LoginLimiterState Before = new();
    private static readonly LoginLimiterState After = LoginAttempts.Add(Before, "a", TimeSpan.FromMinutes(1), DateTimeOffset.UnixEpoch, 10);

    private readonly SlowState _slow = new() { State = Before };

    [Fact]
    public async Task WhileAWriteIsUnderWay_WhatWasBeforeItCounts()
    {
        var state = new StoredState<LoginLimiterState>(_slow);
        var store = state.Store(After);
        Assert.Same(After, _slow.State);
        Assert.Same(Before, state.Value);

        _slow.Write.SetResult();
        await store;
        Assert.Same(After, state.Value);
    }

    [Fact]
    public async Task WhatCouldNotBeWritten_IsForgotten()
    {
        var state = new StoredState<LoginLimiterState>(_slow);
        var store = state.Store(After);
        _slow.Write.SetException(new StorageFailedException());

        await Assert.ThrowsAsync<StorageFailedException>(() => store);
        Assert.Same(Before, state.Value);
        Assert.Same(Before, _slow.State);
    }

    [Fact]
    public async Task AWrappedFailure_IsAStorageFailureWithItsCause()
    {
        var wrapped = new OrleansException("Error from storage provider");
        _slow.Write.SetException(wrapped);

        var exception = await Assert.ThrowsAsync<StorageFailedException>(() => new StoredState<LoginLimiterState>(_slow).Store(After));
        Assert.Same(wrapped, exception.InnerException);
    }

    [Fact]
    public async Task ThatSomebodyElseHasWritten_ReachesTheEngine()
    {
        _slow.Write.SetException(new InconsistentStateException("It was changed."));

        await Assert.ThrowsAsync<InconsistentStateException>(() => new StoredState<LoginLimiterState>(_slow).Store(After));
    }

    /// <summary>A state whose write ends when the test says so.</summary>
    private sealed class SlowState : IPersistentState<LoginLimiterState>
    {
        public TaskCompletionSource Write { get; } = new();

        public LoginLimiterState State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => true;

        public Task WriteStateAsync() => Write.Task;

        public Task ReadStateAsync() => throw new NotSupportedException();

        public Task ClearStateAsync() => throw new NotSupportedException();
    }
}
