using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Protocol;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>A server that cannot keep up says so, forgets nothing that it acknowledged, and recovers.</summary>
public sealed class BackPressureTests
{
    /// <summary>Whoever sends it could send it again for ever.</summary>
    [Fact]
    public async Task BatchOfMoreRowsThanMayWait_IsTakenIfNothingElseWaits()
    {
        await using var server = await RunningServer.StartAsync(options => options.MaxWaitingRows = 10);
        var host = await server.EnrolAsync();
        var now = ReportJson.Now();

        Assert.Equal((11, 0), await host.ReportAsync([.. Enumerable.Range(0, 11).Select(i => ReportJson.Report(i, now + i))]));

        Assert.Equal(11, (await host.ReadAsync()).Count);
    }

    [Fact]
    public async Task JournalThatIsBehind_HoldsAnswersBackAndThenRefuses()
    {
        var journal = new HeldJournal();
        await using var server = await RunningServer.StartAsync(services: journal.Register);
        var (host, other) = (await server.EnrolAsync("held"), await server.EnrolAsync("other"));
        var now = ReportJson.Now();

        journal.Hold();
        var held = host.ReportAsync(ReportJson.Report(1, now));
        await journal.WaitingAsync();
        Assert.False(held.IsCompleted, "A report was acknowledged that the journal does not have.");
        Assert.Empty(await host.ReadAsync());

        journal.Refuse(new StorageBusyException());
        AssertBusy(await other.PostAsync(ReportJson.Batch(ReportJson.Report(1, now))));
        var classic = await other.IngestAsync(ClassicIngestTests.ReadmeBody);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"detail":"Failed to store metrics"}"""), (classic.Status, classic.Text));
        Assert.Equal(TimeSpan.FromSeconds(2), classic.Headers.RetryAfter?.Delta);

        journal.Release();
        Assert.Equal((1, 0), await held);
        Assert.Equal((1, 0), await other.ReportAsync(ReportJson.Report(1, now)));
        Assert.Single(await other.ReadAsync());
        Assert.Empty(server.Errors.All);
    }

    [Fact]
    public async Task DatabaseThatCannotBeWritten_Is503AndHealthSaysSo()
    {
        await using var server = await RunningServer.StartAsync();
        var host = await server.EnrolAsync();
        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now));

        // Another writer that keeps the database to itself: to ours it is as broken as a full disk.
        using (var other = new SqliteConnection($"Data Source={Path.Combine(server.Data, "statusmonitor.db")};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);

            var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(2, now + 1)));
            answer.AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-failed");
            Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
            var classic = await host.IngestAsync(ClassicIngestTests.ReadmeBody);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"detail":"Metrics storage unavailable"}"""), (classic.Status, classic.Text));
            Assert.NotNull(classic.Headers.RetryAfter);

            using var newHost = await server.Http.PostAsync("/api/v1/hosts", EnrolledHost.Json("""{"name":"new"}"""u8.ToArray()));
            (await Answer.OfAsync(newHost)).AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-failed");

            using var health = await server.Http.GetAsync("/health");
            var said = await Answer.OfAsync(health);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, said.Status);
            Assert.Equal(("degraded", "failing"), (said.Json.GetProperty("status").GetString(), said.Json.GetProperty("storage").GetString()));
        }

        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(2, now + 1)));
        Assert.Equal([now, now + 1], (await host.ReadAsync()).Keys);
        using var recovered = await server.Http.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, recovered.StatusCode);
    }

    [Fact]
    public async Task FirstReportThatFailed_IsTakenTheNextTime()
    {
        var journal = new HeldJournal();
        await using var server = await RunningServer.StartAsync(services: journal.Register);
        var host = await server.EnrolAsync();
        var now = ReportJson.Now();

        journal.Refuse(new StorageFailedException("The disk is full."));
        (await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, now, """{"a":1,"b":2}""")))).AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-failed");
        journal.Release();

        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(2, now + 1, """{"b":3,"c":4}""")));
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(1, now, """{"a":1,"b":2}""")));
        var samples = await host.ReadAsync();
        Assert.Equal((1, 2), (samples[now]["a"], samples[now]["b"]));
        Assert.Equal((3, 4), (samples[now + 1]["b"], samples[now + 1]["c"]));
    }

    [Fact]
    public async Task BodiesBeyondTheBudget_Are503UntilThereIsRoom()
    {
        await using var server = await RunningServer.StartAsync(options => options.MaxBodyBytesInFlight = ReportLimits.MaxBodyBytes);
        var host = await server.EnrolAsync();
        var now = ReportJson.Now();

        // Of a body without length nobody knows how large it becomes.
        var slow = new GatedContent(Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(1, now))));
        var slowAnswer = host.PostAsync(slow);
        await Patience.For(slow.HalfSent, () => "the first half of the body");
        await Patience.Until(
            async () => (await host.PostAsync(Packed(ReportJson.Batch(ReportJson.Report(2, now + 1))))) is { Status: HttpStatusCode.ServiceUnavailable },
            () => "a refusal while the other body takes all the room");
        AssertBusy(await host.PostAsync(Packed(ReportJson.Batch(ReportJson.Report(3, now + 2)))));

        slow.Release();
        Assert.Equal(HttpStatusCode.OK, (await slowAnswer).Status);

        // What was taken is given back, whatever became of the bodies.
        for (var i = 0; i < 20; i++)
        {
            Assert.NotEqual(HttpStatusCode.ServiceUnavailable, (await host.PostAsync(EnrolledHost.Gzip("broken"u8.ToArray()))).Status);
            await host.PostAsync(EnrolledHost.Json(new byte[100]));
        }

        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(Packed(ReportJson.Batch(ReportJson.Report(9, now + 9))))).Status);

        // A small one that was received whole takes no room beside what received it; one that must be unpacked does.
        static HttpContent Packed(string body) => EnrolledHost.Gzip(Encoding.UTF8.GetBytes(body));
    }

    [Fact]
    public async Task AgentThatLeavesInTheMiddle_GivesItsRoomBack()
    {
        await using var server = await RunningServer.StartAsync(options => options.MaxBodyBytesInFlight = ReportLimits.MaxBodyBytes);
        var host = await server.EnrolAsync();
        using (var leaving = new CancellationTokenSource())
        {
            var slow = new GatedContent(Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))));
            using var request = host.Request(slow);
            var sending = server.Http.SendAsync(request, leaving.Token);
            await Patience.For(slow.HalfSent, () => "the first half of the body");
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        await Patience.Until(
            async () => (await host.PostAsync(EnrolledHost.Gzip(Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(2, ReportJson.Now())))))).Status == HttpStatusCode.OK,
            () => "room for another body");
        Assert.Empty(server.Errors.All);
    }

    private static void AssertBusy(Answer answer)
    {
        answer.AssertProblem(HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>The real journal, which can be made to wait or to refuse.</summary>
    private sealed class HeldJournal : ISampleJournal
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private SqliteSampleJournal? _journal;
        private TaskCompletionSource? _gate;
        private Exception? _refusal;

        public void Register(IServiceCollection services) => services.AddSingleton<ISampleJournal>(provider =>
        {
            _journal = provider.GetRequiredService<SqliteSampleJournal>();
            return this;
        });

        public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Refuse(Exception refusal) => _refusal = refusal;

        public void Release()
        {
            _refusal = null;
            _gate?.SetResult();
            _gate = null;
        }

        public Task WaitingAsync() => Patience.For(_waiting.Task, () => "a row at the journal");

        public async Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows)
        {
            if (_refusal is { } refusal) throw refusal;
            if (_gate is { } gate)
            {
                _waiting.TrySetResult();
                await gate.Task;
            }

            return await _journal!.AppendAsync(hostId, newSeries, rows);
        }

        public Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken) =>
            _journal!.ReadTailAsync(hostId, window, maxRows, cancellationToken);

        public Task<bool> DeleteAsync(long hostId) => _journal!.DeleteAsync(hostId);
    }
}
