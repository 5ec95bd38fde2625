using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Net;

public sealed class ChannelHttpTests : IAsyncLifetime
{
    private readonly FixedTime _time = new();
    private HttpStandIn _server = null!;

    public async Task InitializeAsync() => _server = await HttpStandIn.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(200, SendOutcome.Accepted)]
    [InlineData(202, SendOutcome.Accepted)]
    [InlineData(204, SendOutcome.Accepted)]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(401, SendOutcome.Refused)]
    [InlineData(403, SendOutcome.Refused)]
    [InlineData(404, SendOutcome.Refused)]
    [InlineData(410, SendOutcome.Refused)]
    [InlineData(413, SendOutcome.Refused)]
    [InlineData(408, SendOutcome.Retry)]
    [InlineData(425, SendOutcome.Retry)]
    [InlineData(429, SendOutcome.Retry)]
    [InlineData(500, SendOutcome.Retry)]
    [InlineData(502, SendOutcome.Retry)]
    [InlineData(503, SendOutcome.Retry)]
    public async Task Status_SaysWhatBecameOfIt(int status, SendOutcome outcome)
    {
        _server.AnswerWith(status);

        var result = await PostAsync(_server.Address);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == SendOutcome.Accepted, result.Error is null);
    }

    [Fact]
    public async Task TooManyRequests_TellsHowLongToWait()
    {
        _server.AnswerWith(429, ("Retry-After", "17"));
        Assert.Equal(TimeSpan.FromSeconds(17), (await PostAsync(_server.Address)).RetryAfter);

        _server.AnswerWith(503, ("Retry-After", (_time.Now + TimeSpan.FromSeconds(90)).ToString("R")));
        Assert.Equal(90, (await PostAsync(_server.Address)).RetryAfter!.Value.TotalSeconds, 1.0);
    }

    [Theory]
    [InlineData("99999999", 3600)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    public async Task OddWait_IsBounded(string header, int? seconds)
    {
        _server.AnswerWith(429, ("Retry-After", header));

        Assert.Equal(seconds, (int?)(await PostAsync(_server.Address)).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var inside = await HttpStandIn.StartAsync();
        _server.AnswerWith(status, ("Location", inside.Address.ToString()));

        var result = await PostAsync(_server.Address);

        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.False(inside.HasRequest);
    }

    [Fact]
    public async Task ServerThatNeverAnswers_IsTriedAgain()
    {
        _server.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

        var result = await PostAsync(_server.Address, timeout: TimeSpan.FromMilliseconds(200));

        Assert.Equal((SendOutcome.Retry, "There was no answer in time."), (result.Outcome, result.Error));
    }

    [Fact]
    public async Task ServerThatHangsUp_IsTriedAgain()
    {
        _server.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.Equal(SendOutcome.Retry, (await PostAsync(_server.Address)).Outcome);
    }

    [Fact]
    public async Task NobodyListens_IsTriedAgain()
    {
        var address = _server.Address;
        await _server.DisposeAsync();

        var result = await PostAsync(address);

        Assert.Equal((SendOutcome.Retry, "Nothing answers at the server's port."), (result.Outcome, result.Error));
    }

    [Fact]
    public async Task UnknownName_IsTriedAgain() => Assert.Equal(SendOutcome.Retry, (await PostAsync(new Uri("http://no-such-host.invalid/"))).Outcome);

    [Fact]
    public async Task NotHttp_IsTriedAgain()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 mail.example.org ESMTP\r\n"u8.ToArray());
        });

        Assert.Equal(SendOutcome.Retry, (await PostAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"))).Outcome);
        await served;
    }

    [Fact]
    public async Task EndlessAnswer_IsNotRead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
            var piece = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
            var taken = 0L;
            try
            {
                for (; ; taken += piece.Length) await stream.WriteAsync(piece);
            }
            catch (IOException)
            {
                return taken;
            }
        });

        Assert.Equal(SendOutcome.Accepted, (await PostAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"))).Outcome);

        // What the sockets hold, and no more.
        Assert.InRange(await served.WaitAsync(Patience.Limit), 0, 50_000_000);
    }

    [Fact]
    public async Task EndlessHeaders_AreNotRead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            var header = Encoding.ASCII.GetBytes($"X-Long: {new string('x', 8000)}\r\n");
            try
            {
                while (true) await stream.WriteAsync(header);
            }
            catch (IOException)
            {
                return true;
            }
        });

        Assert.Equal(SendOutcome.Retry, (await PostAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"))).Outcome);
        Assert.True(await served.WaitAsync(Patience.Limit));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    public async Task LoopbackHoweverWritten_IsRefused(string address)
    {
        var result = await PostAsync(new Uri(address.Replace("{0}", $"{_server.Address.Port}", StringComparison.Ordinal)), allowPrivate: false);

        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Contains("--allow-private-channels", result.Error, StringComparison.Ordinal);
        Assert.False(_server.HasRequest);
    }

    [Theory]
    [InlineData("http://[::1]/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://224.0.0.1/")]
    public async Task PrivateAddress_IsRefusedBeforeItIsConnectedTo(string address) =>
        Assert.Equal(SendOutcome.Refused, (await PostAsync(new Uri(address), allowPrivate: false)).Outcome);

    [Fact]
    public async Task EndOfTheServer_IsNotAnAnswer()
    {
        using var end = new CancellationTokenSource();
        _server.Answer = async (_, context) =>
        {
            await end.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var http = Sample.Http(Sample.Options());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.SendAsync(new HttpRequestMessage(HttpMethod.Post, _server.Address), end.Token));
    }

    [Fact]
    public async Task Address_IsInNoError()
    {
        var secret = new Uri(_server.Address, "/services/T0/B0/verysecret");
        var errors = new List<string?>();
        foreach (var status in new[] { 302, 400, 401, 404, 429, 500 })
        {
            _server.AnswerWith(status, ("Location", secret.ToString()));
            errors.Add((await PostAsync(secret)).Error);
        }

        errors.Add((await PostAsync(secret, allowPrivate: false)).Error);
        await _server.DisposeAsync();
        errors.Add((await PostAsync(secret)).Error);
        Assert.All(errors, error => Assert.DoesNotContain("secret", error, StringComparison.Ordinal));
    }

    private async Task<SendResult> PostAsync(Uri address, bool allowPrivate = true, TimeSpan? timeout = null)
    {
        using var http = Sample.Http(Sample.Options(allowPrivate, timeout: timeout), _time);
        return await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("{}") }, CancellationToken.None);
    }
}
