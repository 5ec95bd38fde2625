using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StatusMonitor.Agent.Tests.Spool;
using StatusMonitor.Agent.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Tests;

/// <summary>The built program as a user runs it.</summary>
public sealed class AgentProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;

    private readonly SpoolDirectory _spool = new();
    private readonly string _home = Directory.CreateTempSubdirectory("agent-home-").FullName;

    public void Dispose()
    {
        _spool.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt)]
    public async Task Agent_ReportsAtOnceAndEndsCleanlyWhenAsked(int signal)
    {
        await using var server = await StubServer.StartAsync();
        using var agent = Start("--server", server.Address.AbsoluteUri, "--token", "secret-token", "--interval", "300", "--spool", _spool.Path);

        var request = await server.NextAsync();

        Assert.Equal("secret-token", request.Token);
        Assert.NotNull(request.Batch.Agent?.Kernel);
        var report = Assert.Single(request.Batch.Reports);
        Assert.Equal((0, 300), (report.Seq, report.Interval));
        // Each needs two readings, or several files: they are there in the very first report.
        foreach (var series in new[] { "cpu.percent", "cpu.core.percent{core=0}", "memory.used.percent", "disk.used.percent{mount=/}", "load.1m", "uptime.seconds", "tcp.connections{state=established}" })
        {
            Assert.Contains(series, report.Samples.Keys);
        }

        await agent.Log.WaitForAsync("Reports arrive at");
        agent.Signal(signal);
        Assert.Equal(0, await agent.EndAsync());
        Assert.Contains(agent.Log.Lines, line => line.EndsWith("Stopped.", StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Log.Lines, line => line.Contains("secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AgentInTheMiddleOfARequest_EndsWithinASecondOrSo()
    {
        await using var server = await StubServer.StartAsync();
        server.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var agent = Start("--server", server.Address.AbsoluteUri, "--token", "t", "--spool", _spool.Path);
        await server.NextAsync();

        var started = TimeProvider.System.GetTimestamp();
        agent.Signal(Terminate);
        Assert.Equal(0, await agent.EndAsync());

        // Far less than the request's own 10 s; not one second, because the machine may be busy.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
        using var spool = Agent.Spool.DiskSpool.Open(_spool.Path, 1 << 20, agent.Log.Log);
        Assert.Equal([0], spool.Waiting());
    }

    [Fact]
    public async Task KilledAgent_SendsAfterItsRestartExactlyWhatWasNotAcknowledged()
    {
        await using var server = await StubServer.StartAsync();
        var isDown = false;
        long lastAccepted = -1;
        server.Answer = (request, context) =>
        {
            if (isDown) return StubServer.Problem(context, 500, "down");
            lastAccepted = request.Sequences[^1];
            return StubServer.AcceptAsync(request, context);
        };
        string[] arguments = ["--server", server.Address.AbsoluteUri, "--token", "t", "--interval", "1", "--spool", _spool.Path];
        long lastRefused;
        using (var agent = Start(arguments))
        {
            await server.ExpectAsync(0);
            await server.ExpectAsync(1);
            await agent.Log.WaitForAsync("Reports arrive at");
            isDown = true;
            ReceivedRequest refused;
            do refused = await server.NextAsync();
            while (refused.Sequences.Length < 2);
            lastRefused = refused.Sequences[^1];
            agent.Signal(Kill);
            Assert.Equal(128 + Kill, await agent.EndAsync());
        }

        while (server.HasAnother) await server.NextAsync();
        // Noted on disk long ago: requests that were refused came after it.
        var lastAcceptedBefore = lastAccepted;
        isDown = false;
        using var restarted = Start(arguments);
        var request = await server.NextAsync();

        Assert.NotNull(request.Batch.Agent);
        Assert.Equal(lastAcceptedBefore + 1, request.Sequences[0]);
        Assert.Equal(Enumerable.Range((int)request.Sequences[0], request.Sequences.Length).Select(number => (long)number), request.Sequences);
        Assert.InRange(request.Sequences[^1], lastRefused, long.MaxValue);
        var next = await server.NextAsync();
        Assert.Equal(request.Sequences[^1] + 1, next.Sequences[0]);
        Assert.True(next.Batch.Reports[0].At > request.Batch.Reports[^1].At);
    }

    [Fact]
    public async Task SecondAgentOnTheSameSpool_EndsWithAClearMessage()
    {
        await using var server = await StubServer.StartAsync();
        string[] arguments = ["--server", server.Address.AbsoluteUri, "--token", "t", "--spool", _spool.Path];
        using var first = Start(arguments);
        await server.NextAsync();
        using var second = Start(arguments);
        Assert.Equal(1, await second.EndAsync());
        Assert.Equal(1, second.Log.Count($"Another agent (process {first.Id}) uses the spool directory {_spool.Path}"));
    }

    [Fact]
    public async Task SpoolThatCannotBeUsed_IsWarnedOfAndReportsArriveNevertheless()
    {
        await using var server = await StubServer.StartAsync();
        var file = Path.Combine(_spool.Path, "file");
        await File.WriteAllTextAsync(file, "");
        using var agent = Start("--server", server.Address.AbsoluteUri, "--token", "t", "--spool", Path.Combine(file, "spool"));
        await server.NextAsync();
        await agent.Log.WaitForAsync("cannot be used, so up to 1000 unsent reports are kept in memory");
    }

    [Fact]
    public async Task ConfigurationFileAtHome_IsEnough()
    {
        await using var server = await StubServer.StartAsync();
        Directory.CreateDirectory(Path.Combine(_home, ".statusmonitor"));
        await File.WriteAllTextAsync(
            Path.Combine(_home, ".statusmonitor", "agent_config.json"),
            JsonSerializer.Serialize(new { server_url = server.Address.AbsoluteUri, agent_token = "from-file", interval = 60, auto_start = true }));
        using var agent = Start();
        var request = await server.NextAsync();
        Assert.Equal("from-file", request.Token);
        Assert.Equal(60, request.Batch.Reports[0].Interval);
        Assert.True(Directory.Exists(Path.Combine(_home, ".statusmonitor", "spool")));
    }

    [Theory]
    [InlineData("enroll")]
    [InlineData("enrol")]
    public async Task EnrolledMachine_ReportsWithoutAnyOption(string word)
    {
        await using var server = await StubServer.StartAsync();
        var tokenFile = Path.Combine(_home, "token");
        await File.WriteAllTextAsync(tokenFile, "sme_1_secret\n");
        using (var enrolling = Start(word, "--server", server.Address.AbsoluteUri, "--token-file", tokenFile))
        {
            var output = await enrolling.OutputAsync();
            Assert.Equal(0, await enrolling.EndAsync());
            Assert.Contains(Path.Combine(_home, ".statusmonitor", "agent_config.json"), output, StringComparison.Ordinal);
            // The very program of this test is what is to be started.
            Assert.EndsWith(Path.Combine(AppContext.BaseDirectory, "statusmonitor-agent"), output.TrimEnd(), StringComparison.Ordinal);
            Assert.DoesNotContain(enrolling.Log.Lines.Append(output), text => text.Contains("sme_1_secret", StringComparison.Ordinal) || text.Contains(StubServer.NewToken, StringComparison.Ordinal));
        }

        var request = await server.NextEnrolmentAsync();
        Assert.Equal(("sme_1_secret", (await File.ReadAllTextAsync("/proc/sys/kernel/hostname")).Trim()), (request.Token, request.Name));
        using var agent = Start();
        Assert.Equal(StubServer.NewToken, (await server.NextAsync()).Token);

        using var again = Start(word, "--server", server.Address.AbsoluteUri, "--token-file", tokenFile);
        Assert.Equal(1, await again.EndAsync());
        Assert.Equal(1, again.Log.Count("has a token already"));
        Assert.False(server.HasEnrolment);
    }

    [Fact]
    public async Task EnrolmentThatIsInterrupted_EndsWithOneAndLeavesNothing()
    {
        await using var server = await StubServer.StartAsync();
        server.AnswerEnrolment = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var agent = Start("enroll", "--server", server.Address.AbsoluteUri, "--token", "sme_1_secret", "--config", Path.Combine(_home, "config.json"));
        await server.NextEnrolmentAsync();
        agent.Signal(Interrupt);
        Assert.Equal(1, await agent.EndAsync());
        Assert.Equal(1, agent.Log.Count("Stopped before the server answered."));
        Assert.Empty(Directory.GetFiles(_home));
    }

    [Fact]
    public async Task Once_PrintsAReportAndNothingElse()
    {
        using var agent = Start("--once", "--interval", "7");
        var output = await agent.OutputAsync();
        Assert.Equal(0, await agent.EndAsync());
        var report = JsonSerializer.Deserialize(output, ProtocolJson.Default.Report)!;
        Assert.Equal(7, report.Interval);
        Assert.Contains("cpu.percent", report.Samples.Keys);
        Assert.False(Directory.Exists(Path.Combine(_home, ".statusmonitor")));
    }

    [Theory]
    [InlineData("--version", 0, "statusmonitor-agent 0.")]
    [InlineData("--help", 0, "Usage: statusmonitor-agent [options]")]
    public async Task Information_IsPrintedToStandardOutput(string argument, int code, string text)
    {
        using var agent = Start(argument);
        Assert.Contains(text, await agent.OutputAsync(), StringComparison.Ordinal);
        Assert.Equal(code, await agent.EndAsync());
    }

    [Theory]
    [InlineData("Unknown argument '--nonsense'", "--nonsense")]
    [InlineData("--interval must be a number of seconds from 1 to 300, and is '0'", "--server", "http://127.0.0.1:1", "--token", "t", "--interval", "0")]
    [InlineData("Where is the server?", "--token", "t")]
    [InlineData("--interval must be", "--once", "--interval", "x")]
    [InlineData("Which enrolment token?", "enroll", "--server", "http://127.0.0.1:1")]
    [InlineData("--once", "enroll", "--once")]
    public async Task WrongUsage_EndsWithTwo(string message, params string[] arguments)
    {
        using var agent = Start(arguments);
        Assert.Equal(2, await agent.EndAsync());
        Assert.Equal(1, agent.Log.Count(message));
    }

    private AgentProcess Start(params string[] arguments) => new(_home, arguments);

    private sealed class AgentProcess : IDisposable
    {
        private static readonly string[] ClassicVariables = ["INGESTION_URL", "AGENT_TOKEN", "INTERVAL", "COLLECTION_INTERVAL"];

        private readonly Process _process;
        private readonly Task<string> _output;
        private readonly Task _errors;

        public AgentProcess(string home, string[] arguments)
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "statusmonitor-agent"), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("STATUSMONITOR_", StringComparison.Ordinal) || ClassicVariables.Contains(name)).ToList()) start.Environment.Remove(variable);
            start.Environment["HOME"] = home;
            _process = Process.Start(start)!;
            _output = _process.StandardOutput.ReadToEndAsync();
            _errors = CopyErrorsAsync();
        }

        public LogText Log { get; } = new();

        public int Id => _process.Id;

        public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

        public Task<string> OutputAsync() => WaitFor.Event(_output, "the end of the agent's output");

        public async Task<int> EndAsync()
        {
            await WaitFor.Event(Task.WhenAll(_process.WaitForExitAsync(), _errors), () => $"the end of the agent; it said:\n{string.Join('\n', Log.Lines)}", TimeSpan.FromSeconds(30));
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            Log.Dispose();
        }

        [DllImport("libc", EntryPoint = "kill")]
        private static extern int SendSignal(int process, int signal);

        private async Task CopyErrorsAsync()
        {
            while (await _process.StandardError.ReadLineAsync() is { } line) Log.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
