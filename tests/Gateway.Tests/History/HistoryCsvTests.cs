using System.Globalization;
using System.Net.Http.Headers;
using StatusMonitor.Gateway.History;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.History;

/// <summary>History as CSV.</summary>
public sealed class HistoryCsvTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private readonly RunningServer _server = shared.Server;
    private readonly long _begin = (ReportJson.Now() - (20 * Hour)) / Hour * Hour;

    [Fact]
    public async Task WithoutPoints_ItHasEverySampleOnce()
    {
        var host = await _server.EnrolAsync("web 1");
        var times = PastSamples.Every(3000, _begin + 11, _begin + (3 * Hour)).ToArray();
        Assert.True(times.Length > HistoryRequest.MaxPoints);
        await host.ReportAsync(times, at => at == times[5] ? [("load.1m", 0.25)] : [("load.1m", 1 / 3.0), ("net.tx.bytes{nic=\"a,b\"}", at - _begin)]);
        var answer = await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/history?series=net.tx.bytes&series=load.1m&from={_begin}&to={_begin + (3 * Hour)}&format=csv&view=value");
        Assert.Equal("text/csv", answer.MediaType);
        var lines = answer.Text.Split("\r\n");
        Assert.Equal("time,host,series,min,mean,max", lines[0]);
        var expected = times.SelectMany(at => new[]
        {
            at == times[5] ? null : string.Create(CultureInfo.InvariantCulture, $"{ReportJson.Time(at)},web 1,\"net.tx.bytes{{nic=\"\"a,b\"\"}}\",{at - _begin},{at - _begin},{at - _begin}"),
            string.Create(CultureInfo.InvariantCulture, $"{ReportJson.Time(at)},web 1,load.1m,{(at == times[5] ? "0.25,0.25,0.25" : "0.3333333333333333,0.3333333333333333,0.3333333333333333")}"),
        }).OfType<string>();
        Assert.Equal(expected, lines[1..^1]);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task Rates_GoOnAcrossTheSlicesOfARange()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync(PastSamples.Every(5000, _begin + Hour - Minute, _begin + Hour + Minute), at => [("net.tx.bytes{nic=a}", (at - _begin) * 2)]);
        var answer = await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/history?series=net.tx.bytes&from={_begin}&to={_begin + (2 * Hour)}&format=csv");
        var lines = answer.Text.Split("\r\n")[1..^1];
        // The very first has none before it.
        Assert.Equal(23, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(",net.tx.bytes{nic=a},2000,2000,2000", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithPoints_ItHasThose()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync(PastSamples.Every(5000, _begin, _begin + (2 * Minute)), at => [("cpu.percent", at % Minute / 1000)]);
        var answer = await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/history?series=cpu.percent&from={_begin}&to={_begin + (2 * Minute)}&format=csv&points=2");
        Assert.Equal(
            $"time,host,series,min,mean,max\r\n{ReportJson.Time(_begin)},a host,cpu.percent,0,27.5,55\r\n{ReportJson.Time(_begin + Minute)},a host,cpu.percent,0,27.5,55\r\n", answer.Text);
    }

    [Fact]
    public async Task AcceptedAsCsv_ItIsAFileWithAName()
    {
        var host = await _server.EnrolAsync("büro/1");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/hosts/{host.Id}/history?series=cpu.percent&from=2026-01-01T12:00:00Z&to=2026-01-02");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        var disposition = response.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", "büro/1 20260101T120000Z 20260102T000000Z.csv"), (disposition.DispositionType, disposition.FileNameStar));
        Assert.Equal("time,host,series,min,mean,max\r\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with space", "with space")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("ä€", "ä€")]
    public void Field_IsQuotedIfItNeedsToBe(string text, string expected) => Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(HistoryCsv.Field(text)));
}
