using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Tests.Support;

/// <summary>A write that holds up the writing thread until it is let go: what is queued meanwhile becomes one group.</summary>
internal sealed class HeldWrite : SqliteWrite<bool>
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new();

    public override int Weight => 0;

    /// <summary>Queues one and waits until the thread has come to it.</summary>
    public static async Task<HeldWrite> HoldAsync(SqliteStore store)
    {
        var held = new HeldWrite();
        store.Enqueue(held);
        await held.Begun.Soon("the held write");
        return held;
    }

    /// <summary>Ends when the writing thread has come to it.</summary>
    public Task Begun => _begun.Task;

    public void Release() => _released.TrySetResult();

    /// <summary>Lets it go and waits until it is on disk.</summary>
    public Task ReleaseAsync()
    {
        Release();
        return Completion.Soon("the write that was let go");
    }

    public override void Execute(SqliteStore store)
    {
        _begun.TrySetResult();
        _released.Task.Wait(Patience.Limit);
    }
}

/// <summary>Runs SQL on the writing connection and gives the first column of the first row.</summary>
internal sealed class SqlWrite(string sql) : SqliteWrite<string>
{
    public override int Weight => 0;

    public static Task<string> RunAsync(SqliteStore store, string sql)
    {
        var write = new SqlWrite(sql);
        store.Enqueue(write);
        return write.Completion.Soon(sql);
    }

    public static async Task<long> NumberAsync(SqliteStore store, string sql) => long.Parse(await RunAsync(store, sql), CultureInfo.InvariantCulture);

    public override void Execute(SqliteStore store)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(store.Handle, sql, out var statement), store.Handle);
        using (statement)
        {
            Result = raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_text(statement, 0).utf8_to_string() : "";
        }
    }
}

/// <summary>Patience with tasks that a broken store would never complete.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<T> Soon<T>(this Task<T> task, string what)
    {
        await ((Task)task).Soon(what);
        return await task;
    }

    public static async Task Soon(this Task task, string what)
    {
        // A task that failed with a timeout of its own says so itself.
        await Task.WhenAny(task, Task.Delay(Limit));
        Assert.True(task.IsCompleted, $"'{what}' never ended.");
        await task;
    }
}
