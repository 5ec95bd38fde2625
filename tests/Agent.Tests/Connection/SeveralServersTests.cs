using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StatusMonitor.Agent.Collectors;
using StatusMonitor.Agent.Connection;
using StatusMonitor.Agent.Spool;
using StatusMonitor.Agent.Tests.Spool;
using StatusMonitor.Agent.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests.Connection;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The test framework calls DisposeAsync.")]
public sealed class SeveralServersTests : IAsyncLifetime
{
    private readonly SpoolDirectory _directory = new();
    private readonly Machine _machine = Machine.Empty();
    private readonly FakeTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogText _log;
    private readonly ReportQueue _queue;
    private StubServer _first = null!;
    private StubServer _second = null!;
    private ReportClients? _clients;
    private Task? _running;

    public SeveralServersTests()
    {
        _log = new LogText(_time);
        _queue = new ReportQueue(DiskSpool.Open(_directory.Path, 16 << 20, _log.Log), _log.Log, _time);
    }

    public async Task InitializeAsync() => (_first, _second) = (await StubServer.StartAsync(), await StubServer.StartAsync());

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null)
        {
            // Its end is the cancellation; another exception is a failure of the test.
            await WaitFor.Event(_running.ContinueWith(static _ => { }, TaskScheduler.Default), "the end of the sender");
            Assert.True(_running.IsCanceled, _running.Exception?.ToString());
        }

        _clients?.Dispose();
        _queue.Dispose();
        _stop.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _directory.Dispose();
        _machine.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task FirstThatWorks_IsUsedAndTheOthersAreLeftAlone()
    {
        Start(_first.Address, _second.Address);
        for (var number = 0; number < 3; number++)
        {
            Append();
            await _first.ExpectAsync(number);
        }

        Assert.False(_second.HasAnother);
    }

    [Fact]
    public async Task AddressWhereNothingListens_IsPassedOverAtOnce()
    {
        Append();
        Start(Nowhere(), _second.Address);
        await _second.ExpectAsync(0);
        await _log.WaitForAsync($"Reports arrive at {_second.Address}");
        Assert.Equal(1, _log.Count("(connection refused)"));
    }

    [Fact]
    public async Task ServerThatGoesAway_IsLeftAndNotComeBackToWhileTheOtherWorks()
    {
        Start(_first.Address, _second.Address);
        Append();
        await _first.ExpectAsync(0);
        await _log.WaitForAsync($"Reports arrive at {_first.Address}");

        _first.Answer = (_, context) => Standby(context);
        Append();
        await _first.ExpectAsync(1);
        await _second.ExpectAsync(1);
        await _log.WaitForAsync($"Reports arrive at {_second.Address}");
        Assert.Equal(1, _log.Count("The server asks to come back later (503). Another server is active. Reports are kept"));

        _first.Answer = StubServer.AcceptAsync;
        Append();
        await _second.ExpectAsync(2);
        Assert.False(_first.HasAnother);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(404)]
    public async Task AnswerOfAProxyWhoseServerIsAway_LeadsToTheNext(int status)
    {
        _first.Answer = (_, context) => StubServer.Text(context, status, "<h1>Nobody is here</h1>");
        Append();
        Start(_first.Address, _second.Address);
        await _first.ExpectAsync(0);
        await _second.ExpectAsync(0);
    }

    [Fact]
    public async Task ServerThatDoesNotAnswer_IsLeftAfterItsTimeAndNoSooner()
    {
        _first.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Append();
        Start(_first.Address, _second.Address);
        await _first.ExpectAsync(0);
        _time.Advance(ServerConnection.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(_second.HasAnother);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _second.ExpectAsync(0);
    }

    [Fact]
    public async Task WhenAllFail_TheAgentWaitsOnceAndLongerEachRound()
    {
        _first.Answer = _second.Answer = (_, context) => Standby(context);
        Append();
        Start(_first.Address, _second.Address);
        foreach (var seconds in new[] { 0.5, 1, 2 })
        {
            await _first.ExpectAsync(0);
            await _second.ExpectAsync(0);
            var wait = await NextRetryAsync();
            Assert.Equal(seconds, wait.TotalSeconds);
            Assert.False(_first.HasAnother);
            _time.Advance(wait);
        }

        await _first.ExpectAsync(0);
        _second.Answer = StubServer.AcceptAsync;
        Assert.Equal(2, _log.Count("The server asks to come back later"));
    }

    [Fact]
    public async Task ServerThatIsBusy_IsObeyedBeforeAnotherIsAsked()
    {
        _first.Answer = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return StubServer.Problem(context, 503, "More reports are waiting than may.", type: "/problems/busy");
        };
        Append();
        Start(_first.Address, _second.Address);
        await _first.ExpectAsync(0);
        var wait = await NextRetryAsync();
        Assert.Equal(7.5, wait.TotalSeconds);
        Assert.False(_second.HasAnother);
        _time.Advance(wait);
        await _second.ExpectAsync(0);
    }

    [Fact]
    public async Task WrongToken_IsNoReasonToAskAnother()
    {
        _first.Answer = (_, context) => StubServer.Problem(context, 401, "No such agent.");
        Append();
        Start(_first.Address, _second.Address);
        await _first.ExpectAsync(0);
        _time.Advance(await NextRetryAsync());
        await _first.ExpectAsync(0);
        Assert.False(_second.HasAnother);
        Assert.Equal(1, _log.Count("does not know this agent's token"));
    }

    private static Task Standby(HttpContext context) => StubServer.Problem(context, 503, "Another server is active.", type: "/problems/standby");

    private static Uri Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private Task<TimeSpan> NextRetryAsync() => _time.NextWaitAsync(static wait => wait != ServerConnection.Timeout && wait != Timeout.InfiniteTimeSpan);

    private void Append()
    {
        var report = new Report { Seq = _queue.NextSequence, BootId = "boot", At = _time.Wall, Interval = 5, Samples = new Dictionary<string, double> { ["cpu.percent"] = 1.5 } };
        _queue.Append(JsonSerializer.SerializeToUtf8Bytes(report, ProtocolJson.Default.Report));
    }

    private void Start(params Uri[] servers)
    {
        _clients = new ReportClients(servers, "secret-token", _time);
        var agent = new AgentInfo { Hostname = "here", Version = "0.1.0" };
        _running = new ReportSender(_queue, _clients, new RetryPolicy(() => 0.5), agent, new ProcessTop(_machine.Files, _time), _time, _log.Log).RunAsync(_stop.Token);
    }
}
