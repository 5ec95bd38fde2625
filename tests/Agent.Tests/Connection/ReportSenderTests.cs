using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Connection;
using StatusMonitor.Agent.Spool;
using StatusMonitor.Agent.Tests.Collectors;
using StatusMonitor.Agent.Tests.Spool;
using StatusMonitor.Agent.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests.Connection;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The test framework calls DisposeAsync.")]
public sealed class ReportSenderTests : IAsyncLifetime
{
    private static readonly AgentInfo Agent = new() { Hostname = "here", Version = "0.1.0" };

    private readonly SpoolDirectory _directory = new();
    private readonly Machine _machine = Machine.Empty();
    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogText _log;
    private readonly ReportQueue _queue;
    private StubServer _server = null!;
    private ReportClients? _clients;
    private Task? _running;

    public ReportSenderTests()
    {
        _log = new LogText(_time);
        _queue = new ReportQueue(DiskSpool.Open(_directory.Path, 16 << 20, _log.Log), _log.Log, _time);
    }

    public async Task InitializeAsync() => _server = await StubServer.StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _queue.Dispose();
        _stop.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
        _machine.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Report_ArrivesWithTokenAndAgentInfoAndIsForgotten()
    {
        Append(1);
        Start(new Uri(_server.Address, "/monitor/"));

        var request = await _server.NextAsync();

        Assert.Equal("/monitor/api/v1/reports", request.Path);
        Assert.Equal("secret-token", request.Token);
        Assert.Equal(Agent, request.Batch.Agent);
        Assert.Equal([0], request.Sequences);
        Assert.False(request.IsCompressed);
        await _log.WaitForAsync("Reports arrive at");
        Assert.Equal(0, _queue.Count);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Batch_SaysWhenItWasSent()
    {
        _server.Answer = (request, context) => StubServer.Problem(context, 503, "not yet");
        Append(1);
        Start();
        Assert.Equal(_time.Wall, (await _server.NextAsync()).Batch.SentAt);
        _time.Advance(await NextRetryAsync());
        Assert.Equal(_time.Wall, (await _server.NextAsync()).Batch.SentAt);
    }

    [Fact]
    public async Task Processes_GoOnceAndOnlyIfTheServerAsks()
    {
        _machine.Write("proc/7/stat", ProcessTopTests.Line(7, "worker", ticks: 100, pages: 10));
        _server.Answer = (request, context) => StubServer.AskAsync(request, context, request.Sequences[0] == 1 ? 5 : 0);
        Append(1);
        Start();
        Assert.Null((await _server.NextAsync()).Batch.Processes);
        Append(1);
        Assert.Null((await _server.NextAsync()).Batch.Processes);
        WaitFor.Condition(() => _queue.Count == 0, "an empty queue");

        _machine.Write("proc/7/stat", ProcessTopTests.Line(7, "worker", ticks: 350, pages: 20));
        _time.Advance(TimeSpan.FromSeconds(5));
        Append(1);
        var process = Assert.Single((await _server.NextAsync()).Batch.Processes!);
        Assert.Equal((7, "worker", 50d, 20L * Environment.SystemPageSize), (process.Id, process.Name, process.CpuPercent, process.MemoryBytes));
        Append(1);
        Assert.Null((await _server.NextAsync()).Batch.Processes);
    }

    [Fact]
    public async Task ProcessesThatAreRefused_CostNoReport()
    {
        _machine.Write("proc/7/stat", ProcessTopTests.Line(7, "worker", ticks: 100, pages: 10));
        _server.Answer = (request, context) => request.Batch.Processes is null ? StubServer.AskAsync(request, context, 5) : StubServer.Problem(context, 400, "no such member");
        Append(1);
        Start();
        await _server.ExpectAsync(0);
        WaitFor.Condition(() => _queue.Count == 0, "an empty queue");
        _time.Advance(TimeSpan.FromSeconds(5));
        Append(1);
        Assert.NotNull((await _server.NextAsync()).Batch.Processes);
        _time.Advance(await _time.NextWaitAsync(static wait => wait == TimeSpan.FromMilliseconds(100)));
        var again = await _server.NextAsync();
        Assert.Equal([1], again.Sequences);
        Assert.Null(again.Batch.Processes);
    }

    [Fact]
    public async Task AgentInfo_GoesUntilItIsAcknowledgedOnce()
    {
        var answers = 0;
        _server.Answer = (request, context) => answers++ == 0 ? StubServer.Problem(context, 503, "not yet") : StubServer.AcceptAsync(request, context);
        Append(1);
        Start();
        Assert.NotNull((await _server.NextAsync()).Batch.Agent);
        _time.Advance(await NextRetryAsync());
        Assert.NotNull((await _server.NextAsync()).Batch.Agent);
        await _log.WaitForAsync("The server is back");
        Append(1);
        Assert.Null((await _server.NextAsync()).Batch.Agent);
    }

    [Fact]
    public async Task Spool_IsDrainedOldestFirstInLimitedAndCompressedRequests()
    {
        Append(150);
        Start();
        var requests = new[] { await _server.NextAsync(), await _server.NextAsync(), await _server.NextAsync() };
        Assert.Equal([64, 64, 22], requests.Select(request => request.Sequences.Length));
        Assert.Equal(Enumerable.Range(0, 150).Select(number => (long)number), requests.SelectMany(request => request.Sequences));
        Assert.Equal([true, true, false], requests.Select(request => request.IsCompressed));
        Assert.All(requests, request => Assert.Equal(request.BodyBytes > 4_096, request.IsCompressed));
        await _log.WaitForAsync("All spooled reports are sent.");
    }

    [Fact]
    public async Task LargeReports_AreSentInRequestsBelowTheLimit()
    {
        Append(20, series: 1_500);
        Start();
        var sent = 0;
        while (sent < 20)
        {
            var request = await _server.NextAsync();
            Assert.InRange(request.BodyBytes, 1, ReportLimits.MaxBodyBytes / 2 + 1_000);
            sent += request.Sequences.Length;
        }
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task WrongToken_IsExplainedOnceAndTriedSlowly(int status)
    {
        _server.Answer = (_, context) => StubServer.Problem(context, status, "No such agent.");
        Append(1);
        Start();
        await _server.NextAsync();
        var wait = await NextRetryAsync();
        Assert.InRange(wait.TotalSeconds, 26, 30);
        Assert.Equal(1, _log.Count($"The server does not know this agent's token ({status}). Make a new one on the dashboard"));
        Append(1);
        _time.Advance(wait);
        await _server.NextAsync();
        wait = await NextRetryAsync();
        Assert.InRange(wait.TotalSeconds, 53, 60);
        Assert.Equal(1, _log.Count("does not know this agent's token"));

        // The same token may become good again.
        _server.Answer = StubServer.AcceptAsync;
        _time.Advance(wait);
        await _server.ExpectAsync(0, 1);
        await _log.WaitForAsync("The server is back after 86 s.");
    }

    [Fact]
    public async Task ReportThatIsRefused_IsFoundAndDroppedAndTheOthersArrive()
    {
        _server.Answer = RefuseReport(37);
        Append(100);
        Start();
        var accepted = await DrainAsync(99);
        Assert.Equal(Enumerable.Range(0, 100).Where(number => number != 37).Select(number => (long)number), accepted);
        Assert.Equal(1, _log.Count("1 report was dropped: The server refuses it (400). One value is not right. reports[0].samples['a.b']: is odd"));
    }

    [Fact]
    public async Task RefusedDescriptionOfTheMachine_CostsNoReport()
    {
        _server.Answer = (request, context) => request.Batch.Agent is not null
            ? StubServer.Problem(context, 400, "Bad agent.", new() { ["agent.hostname"] = ["is odd"] })
            : StubServer.AcceptAsync(request, context);
        Append(10);
        Start();
        Assert.Equal(Enumerable.Range(0, 10).Select(number => (long)number), await DrainAsync(10));
        await _log.WaitForAsync("does not accept the description of this machine");
        Assert.Equal(0, _log.Count("dropped"));
    }

    [Fact]
    public async Task TooLargeForTheServer_IsHalvedUntilItFits()
    {
        _server.Answer = (request, context) => request.Sequences.Length > 5 ? StubServer.Text(context, 413, "<h1>413</h1>") : StubServer.AcceptAsync(request, context);
        Append(40);
        Start();
        Assert.Equal(Enumerable.Range(0, 40).Select(number => (long)number), await DrainAsync(40));
        Assert.Equal(0, _log.Count("dropped"));
    }

    [Fact]
    public async Task WhenEveryReportIsRefused_TheyAreDroppedOneByOneWithFewWords()
    {
        _server.Answer = (_, context) => StubServer.Problem(context, 422, "Never.");
        Append(20);
        Start();
        var refused = new HashSet<long>();
        while (refused.Count < 20)
        {
            var request = await _server.NextAsync();
            if (request.Sequences.Length == 1 && request.Batch.Agent is null) refused.Add(request.Sequences[0]);
            _time.Advance(await NextRetryAsync());
        }

        Assert.Equal(0, _queue.Count);
        Assert.InRange(_log.Count("dropped: The server refuses it (422). Never."), 1, 2);
    }

    [Theory]
    [InlineData(404, "<h1>Not Found</h1>", "answers 404")]
    [InlineData(405, "", "answers 405")]
    [InlineData(200, "<html>Welcome to the hotel</html>", "answers, but not as a StatusMonitor server does")]
    [InlineData(200, "{}", "answers, but not as a StatusMonitor server does")]
    [InlineData(200, "", "answers, but not as a StatusMonitor server does")]
    [InlineData(400, "<h1>The plain HTTP request was sent to HTTPS port</h1>", "answers 400, but not as")]
    public async Task SomethingElseThatAnswers_IsAWrongAddressAndCostsNoReport(int status, string html, string message)
    {
        _server.Answer = (_, context) => StubServer.Text(context, status, html);
        Append(2);
        Start();
        await _server.NextAsync();
        Assert.InRange((await NextRetryAsync()).TotalSeconds, 26, 30);
        Assert.Equal(1, _log.Count(message));
        Assert.Equal(1, _log.Count("the address of the dashboard?"));
        Assert.Equal(2, _queue.Count);
    }

    [Fact]
    public async Task Redirect_IsNotFollowedButNamed()
    {
        _server.Answer = (_, context) =>
        {
            context.Response.Redirect("https://elsewhere.example.org/");
            return Task.CompletedTask;
        };
        Append(1);
        Start();
        await _server.NextAsync();
        await NextRetryAsync();
        Assert.Equal(1, _log.Count("redirects to https://elsewhere.example.org/"));
    }

    [Theory]
    [InlineData(503, "17")]
    [InlineData(429, "17")]
    [InlineData(503, "date")]
    public async Task BusyServer_IsLeftAloneAsLongAsItAsks(int status, string retryAfter)
    {
        var isBusy = true;
        _server.Answer = (request, context) =>
        {
            if (!isBusy) return StubServer.AcceptAsync(request, context);
            context.Response.Headers.RetryAfter = retryAfter == "date" ? _time.Wall.AddSeconds(17).ToString("R", CultureInfo.InvariantCulture) : retryAfter;
            return StubServer.Problem(context, status, "Too much.");
        };
        Append(1);
        Start();
        await _server.NextAsync();
        var wait = await NextRetryAsync();
        Assert.InRange(wait.TotalSeconds, 17, 18);
        isBusy = false;

        // What is collected meanwhile waits too.
        Append(1);
        _time.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.False(_server.HasAnother);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _server.ExpectAsync(0, 1);
        await _log.WaitForAsync("The server is back");
        Assert.Equal(1, _log.Count("asks to come back later"));
    }

    [Fact]
    public async Task ServerThatIsAway_IsTriedLessAndLessWithOneLineAndThenGetsEverything()
    {
        var address = _server.Address;
        await _server.DisposeAsync();
        Append(3);
        Start(address);
        for (var i = 0; i < 8; i++)
        {
            var wait = await NextRetryAsync();
            Assert.Equal(Math.Min(Math.Pow(2, i), 60) / 2, wait.TotalSeconds);
            Append(1);
            _time.Advance(wait);
        }

        var last = await NextRetryAsync();
        Assert.Equal(1, _log.Count($"Nothing listens on {address.Authority} (connection refused). Reports are kept"));

        _server = await StubServer.StartAsync(address.Port);
        _time.Advance(last);
        await _server.ExpectAsync([.. Enumerable.Range(0, 11).Select(number => (long)number)]);
        await _log.WaitForAsync("The server is back after");
    }

    [Fact]
    public async Task UnknownName_IsExplained()
    {
        Append(1);
        Start(new Uri("http://no-such-host.invalid"));
        await _log.WaitForAsync("The name no-such-host.invalid is not known.");
    }

    [Fact]
    public async Task ServerWithoutTls_IsExplained()
    {
        Append(1);
        Start(new Uri($"https://{_server.Address.Authority}"));
        await _log.WaitForAsync($"There is no trusted TLS connection to {_server.Address.Authority}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"acce")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task ConnectionThatBreaks_IsTriedAgainAndCostsNoReport(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Append(1);
        Start(new Uri($"http://{listener.LocalEndpoint}"));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var connection = await WaitFor.Event(listener.AcceptSocketAsync(), "a connection of the agent");
            await connection.ReceiveAsync(new byte[10_000]);
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
            connection.Shutdown(SocketShutdown.Both);
            connection.Close();
            _time.Advance(await NextRetryAsync());
        }

        Assert.Equal(1, _queue.Count);
        Assert.Equal(1, _log.Count("Reports are kept and sent as soon as possible."));
    }

    [Fact]
    public async Task ServerThatHangs_IsGivenTenSeconds()
    {
        var hanging = new TaskCompletionSource();
        _server.Answer = (_, _) => hanging.Task;
        Append(1);
        Start();
        await _server.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await _log.WaitForAsync("did not answer within 10 s");
        hanging.SetResult();
        _server.Answer = StubServer.AcceptAsync;
        _time.Advance(await NextRetryAsync());
        await _server.ExpectAsync(0);
    }

    [Fact]
    public async Task Stop_EndsARequestInTheMiddle()
    {
        _server.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Append(1);
        Start();
        await _server.NextAsync();
        await _stop.CancelAsync();
        await WaitFor.Event(_running!.ContinueWith(static _ => { }, TaskScheduler.Default), "the end of the sender");
        Assert.True(_running!.IsCanceled);
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task ServerTrouble_IsTriedAgain()
    {
        _server.Answer = (_, context) => StubServer.Text(context, 502, "<h1>Bad Gateway</h1>");
        Append(1);
        Start();
        await _server.NextAsync();
        Assert.Equal(0.5, (await NextRetryAsync()).TotalSeconds);
        Assert.Equal(1, _log.Count("The server has trouble (502)."));
    }

    [Fact]
    public async Task MessageOfTheServer_CannotForgeALogLine()
    {
        _server.Answer = (_, context) => StubServer.Problem(context, 401, "x\n2026-01-01T00:00:00Z info forged\u001b[31m");
        Append(1);
        Start();
        await _log.WaitForAsync("does not know this agent's token");
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("2026-01-01", StringComparison.Ordinal) || line.Contains('\u001b', StringComparison.Ordinal));
    }

    private static Func<ReceivedRequest, HttpContext, Task> RefuseReport(long sequence) => (request, context) =>
        request.Sequences.Contains(sequence)
            ? StubServer.Problem(context, 400, "One value is not right.", new() { [$"reports[{Array.IndexOf(request.Sequences, sequence)}].samples['a.b']"] = ["is odd"] })
            : StubServer.AcceptAsync(request, context);

    /// <summary>Waits between attempts; the timeouts of requests are on the same clock and exactly 10 s.</summary>
    private Task<TimeSpan> NextRetryAsync() => _time.NextWaitAsync(static wait => wait != ServerConnection.Timeout && wait != Timeout.InfiniteTimeSpan);

    /// <summary>Moves the clock over the short pauses until so many reports are acknowledged.</summary>
    private async Task<List<long>> DrainAsync(int count)
    {
        var accepted = new List<long>();
        var answer = _server.Answer;
        var done = new TaskCompletionSource();
        _server.Answer = async (request, context) =>
        {
            await answer(request, context);
            if (context.Response.StatusCode != 200) return;
            accepted.AddRange(request.Sequences);
            if (accepted.Count >= count) done.TrySetResult();
        };
        using var isDone = new CancellationTokenSource();
        var moving = Task.Run(async () =>
        {
            while (!isDone.IsCancellationRequested) _time.Advance(await NextRetryAsync());
        });
        await WaitFor.Event(done.Task, $"the arrival of {count} reports");
        await isDone.CancelAsync();
        _time.CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await WaitFor.Event(moving, "the end of the moving clock");
        return accepted;
    }

    private void Append(int count, int series = 3)
    {
        for (var i = 0; i < count; i++)
        {
            var report = new Report
            {
                Seq = _queue.NextSequence,
                BootId = "boot",
                At = _time.Wall,
                Interval = 5,
                Samples = Enumerable.Range(0, series).ToDictionary(number => $"cpu.core.percent{{core={number}}}", number => number * 1.5),
            };
            _queue.Append(JsonSerializer.SerializeToUtf8Bytes(report, ProtocolJson.Default.Report));
        }
    }

    private void Start(Uri? address = null)
    {
        _clients = new ReportClients([address ?? _server.Address], "secret-token", _time);
        var sender = new ReportSender(_queue, _clients, new RetryPolicy(() => 0.5), Agent, new ProcessTop(_machine.Files, _time), _time, _log.Log);
        _running = sender.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null)
        {
            // Its end is the cancellation; another exception is a failure of the test.
            await WaitFor.Event(_running.ContinueWith(static _ => { }, TaskScheduler.Default), "the end of the sender");
            Assert.True(_running.IsCanceled, _running.Exception?.ToString());
        }

        _clients?.Dispose();
    }
}
