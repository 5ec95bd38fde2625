using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>What is at a limit is taken, what is over it is refused by the limit's name, and nothing of it is stored.</summary>
public sealed class ReportLimitsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task BatchAtItsLimit_IsTaken()
    {
        var host = await _server.EnrolAsync();
        Assert.Equal((256, 0), await host.ReportAsync(Reports(256)));
    }

    [Fact]
    public async Task BatchOverItsLimit_Is400NamingIt()
    {
        var host = await _server.EnrolAsync();
        var answer = await host.PostAsync(ReportJson.Batch(Reports(257)));
        answer.AssertProblem(HttpStatusCode.BadRequest, "limit-exceeded");
        Assert.Contains("256 reports", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task ReportAtItsSeriesLimit_IsTaken()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(1, now, Samples(2000))));
        var values = (await host.ReadAsync())[now];
        Assert.Equal(2000, values.Count);
        Assert.Equal(1999, values["s{i=1999}"]);
    }

    [Theory]
    [InlineData(2001)]
    [InlineData(5000)]
    public async Task ReportOverItsSeriesLimit_Is400NamingIt(int series)
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, now), ReportJson.Report(2, now + 1, Samples(series))));
        answer.AssertProblem(HttpStatusCode.BadRequest, "limit-exceeded");
        Assert.Contains("2000 series", answer.Text, StringComparison.Ordinal);
        Assert.Contains("reports[1]", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task KnownSeriesAndOneMore_IsOverTheLimitToo()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now, Samples(2000)));
        (await host.PostAsync(ReportJson.Batch(ReportJson.Report(2, now + 1, Samples(2001))))).AssertProblem(HttpStatusCode.BadRequest, "limit-exceeded");
        Assert.Single(await host.ReadAsync());
    }

    [Fact]
    public async Task LabelThatNeverRepeats_IsRefusedAtTheLimitOfTheHost()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        for (var i = 0; i < 5; i++) Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(i, now + i, Samples(2000, $"r{i}"))));

        var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(6, now + 6, Samples(1, "one.more"))));
        answer.AssertProblem(HttpStatusCode.BadRequest, "limit-exceeded");
        Assert.Contains("series", answer.Text, StringComparison.Ordinal);
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(7, now + 7, Samples(2000, "r3"))));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("chunked")]
    public async Task BodyAtItsLimit_IsTaken(string how)
    {
        var host = await _server.EnrolAsync();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(host, how, ReportLimits.MaxBodyBytes)).Status);
        Assert.Single(await host.ReadAsync());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("chunked")]
    public async Task BodyOverItsLimit_Is413NamingIt(string how)
    {
        var host = await _server.EnrolAsync();
        var answer = await PostAsync(host, how, ReportLimits.MaxBodyBytes + 1);
        answer.AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
        Assert.Contains("1048576 bytes", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ReadAsync());
    }

    [Theory]
    [InlineData("/api/v1/reports")]
    [InlineData("/ingest")]
    public async Task GzipBomb_Is413(string path)
    {
        var host = await _server.EnrolAsync();
        var bomb = new byte[64 * 1024 * 1024];
        Array.Fill(bomb, (byte)' ');
        var answer = await host.PostAsync(EnrolledHost.Gzip(bomb), path);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("1048576 bytes", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ReadAsync());
    }

    [Theory]
    [InlineData("not gzip")]
    [InlineData("cut")]
    [InlineData("damaged")]
    [InlineData("empty")]
    public async Task DamagedGzip_Is400Problem(string how)
    {
        var host = await _server.EnrolAsync();
        var report = ReportJson.Report(1, ReportJson.Now(), Samples(200));
        var packed = await EnrolledHost.Gzip(Encoding.UTF8.GetBytes(ReportJson.Batch(report))).ReadAsByteArrayAsync();
        var body = how switch
        {
            "not gzip" => Encoding.UTF8.GetBytes(ReportJson.Batch(report)),
            "cut" => packed[..(packed.Length / 2)],
            "damaged" => [.. packed[..100], .. packed[100..120].Select(one => (byte)~one), .. packed[120..]],
            _ => [],
        };
        var content = EnrolledHost.Json(body);
        content.Headers.ContentEncoding.Add("gzip");
        (await host.PostAsync(content)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Empty(await host.ReadAsync());
    }

    private static string[] Reports(int count)
    {
        var now = ReportJson.Now();
        return [.. Enumerable.Range(0, count).Select(i => ReportJson.Report(i, now + i))];
    }

    private static string Samples(int count, string name = "s") => ReportJson.Samples(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"{name}{{i={i}}}", (double)i)));

    private async Task<Answer> PostAsync(EnrolledHost host, string how, int size)
    {
        var report = ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()));
        var body = Encoding.UTF8.GetBytes(report + new string(' ', size - report.Length));
        using var request = host.Request(how == "gzip" ? EnrolledHost.Gzip(body) : EnrolledHost.Json(body));
        request.Headers.TransferEncodingChunked = how == "chunked";
        // Who sends too much must wait for leave to do so: a refusal in the middle of a body may be lost with the connection.
        request.Headers.ExpectContinue = how == "plain";
        using var response = await _server.Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
