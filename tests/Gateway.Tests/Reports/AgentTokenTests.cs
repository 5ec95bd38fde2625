using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>Whose reports are taken.</summary>
public sealed class AgentTokenTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    [InlineData("é123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task TokenOfNoHost_Is401Problem(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new StringContent(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))) };
        if (token is not null) request.Headers.TryAddWithoutValidation("X-Agent-Token", token.Replace('é', '?'));
        using var response = await _server.Http.SendAsync(request);
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.Unauthorized, "unknown-token");
    }

    [Fact]
    public async Task TokenBytesOutsideOfAscii_Are401OrARefusedRequest()
    {
        var answer = await RawHttp.SendAsync(_server.Address, $"POST /api/v1/reports HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nConnection: close\r\nX-Agent-Token: {new string('é', 64)}\r\nContent-Length: 2\r\n\r\n{{}}");
        Assert.Contains(answer.Status, new[] { 400, 401 });
    }

    [Fact]
    public async Task TwoTokens_Are401Problem()
    {
        var host = await _server.EnrolAsync();
        using var request = host.Request(new StringContent(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))));
        request.Headers.Add("X-Agent-Token", host.Token);
        using var response = await _server.Http.SendAsync(request);
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.Unauthorized, "unknown-token");
    }

    [Fact]
    public async Task NearlyRightToken_Is401Problem()
    {
        var host = await _server.EnrolAsync();
        foreach (var near in new[] { host.Token.ToUpperInvariant(), host.Token[..^1] + (host.Token[^1] == '0' ? '1' : '0') })
        {
            if (near == host.Token) continue;
            var other = new EnrolledHost(_server.Http, host.Id, near);
            (await other.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now())))).AssertProblem(HttpStatusCode.Unauthorized, "unknown-token");
        }

        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task TokenThatWasNotUsedInTime_IsExpired()
    {
        var host = await _server.EnrolAsync();
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now())));
        answer.AssertProblem(HttpStatusCode.Unauthorized, "expired-token");
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task TokenThatWasUsedInTime_IsGoodForEver()
    {
        var host = await _server.EnrolAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(2, ReportJson.Now() + 1)));
    }

    [Fact]
    public async Task RefusedReport_DoesNotMakeTheTokenPermanent()
    {
        var host = await _server.EnrolAsync();
        (await host.PostAsync("{}")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        _time.Advance(TimeSpan.FromMinutes(6));
        (await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now())))).AssertProblem(HttpStatusCode.Unauthorized, "expired-token");
    }
}
