using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>What a rule would have made of the past, through the whole server.</summary>
public sealed class RulePreviewTests : IAsyncLifetime
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly long NowAt = Now.ToUnixTimeMilliseconds();
    private RunningServer _server = null!;
    private EnrolledHost _host = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(new ShiftedTime(Now)));
        _host = await _server.EnrolAsync("web-1");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task AThreshold_IsTriedOnSamples_AndDrawn()
    {
        // Each hour begins with four minutes at 95, but for one hour of 85, which does not clear.
        var from = NowAt - (6 * Hour);
        await _host.ReportAsync(PastSamples.Every(30_000, from, NowAt), at => [("cpu.percent", at % Hour < 4 * Minute ? 95 + (at - from) / Hour : at - from >= 2 * Hour && at - from < 3 * Hour ? 85 : 10)], interval: 30);
        var preview = await PreviewAsync("""{"name":"x","kind":"threshold","series":"cpu.percent","condition":"atOrAbove","threshold":90,"clearThreshold":80,"forSeconds":120}""", "-1d");

        Assert.Equal(("sample", 5), (preview.GetProperty("resolution").GetString(), preview.GetProperty("fired").GetInt32()));
        var series = Assert.Single(preview.GetProperty("series").EnumerateArray());
        Assert.Equal(("cpu.percent", "percent"), (series.GetProperty("name").GetString(), series.GetProperty("unit").GetString()));
        var expected = new[] { 0, 1, 2, 4, 5 }.Select(hour => (
            From: from + (hour * Hour) + (2 * Minute), To: from + ((hour == 2 ? 3 : hour) * Hour) + (4 * Minute), Peak: (double)(95 + (hour == 2 ? 3 : hour))));
        Assert.Equal(expected, Episodes(series).Select(episode => (episode.From, episode.To!.Value, episode.Peak!.Value)));

        var times = series.GetProperty("times").EnumerateArray().Select(time => time.GetInt64()).ToArray();
        Assert.InRange(times.Length, 50, 500);
        foreach (var column in new[] { "min", "mean", "max" }) Assert.Equal(times.Length, series.GetProperty(column).GetArrayLength());
        Assert.Equal((_host.Id, 24 * Hour), (preview.GetProperty("hostId").GetInt64(), preview.GetProperty("to").GetInt64() - preview.GetProperty("from").GetInt64()));
    }

    [Fact]
    public async Task EachSeriesThatMatches_IsTriedByItself_AndWhatGoesOnHasNoEnd()
    {
        await _host.ReportAsync(PastSamples.Every(Minute, NowAt - Hour, NowAt), _ => [("disk.used.percent{mount=/}", 50), ("disk.used.percent{mount=/data}", 95)], interval: 60);
        var preview = await PreviewAsync("""{"name":"x","kind":"threshold","series":"disk.used.percent","condition":"above","threshold":90}""", "-2h");

        var series = preview.GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(["disk.used.percent{mount=/data}", "disk.used.percent{mount=/}"], series.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal([(NowAt - Hour, null, 95)], Episodes(series[0]));
        Assert.Empty(Episodes(series[1]));
    }

    [Fact]
    public async Task ACounter_IsTriedAsItsRate()
    {
        // 1,000 bytes a second but for two minutes of 100,000, and a start from 0, which is no rate.
        var (total, last) = (1e9, NowAt - Hour);
        await _host.ReportAsync(PastSamples.Every(10_000, NowAt - Hour, NowAt).ToArray(), at =>
        {
            var isBusy = at > NowAt - (30 * Minute) && at <= NowAt - (28 * Minute);
            total += (at - last) / 1000.0 * (isBusy ? 100_000 : 1_000);
            if (at == NowAt - (10 * Minute)) total = 500;
            last = at;
            return [("net.rx.bytes{nic=eth0}", total)];
        }, interval: 10);
        var preview = await PreviewAsync("""{"name":"x","kind":"rate","series":"net.rx.bytes{nic=eth*}","condition":"above","threshold":50000}""", "-2h");

        var series = Assert.Single(preview.GetProperty("series").EnumerateArray());
        Assert.Equal("bytes/s", series.GetProperty("unit").GetString());
        Assert.Equal([(NowAt - (30 * Minute) + 10_000, NowAt - (28 * Minute) + 10_000, 100_000)], Episodes(series));
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"threshold","series":"cpu.percent","condition":"atOrAbove","threshold":90}""")]
    [InlineData("""{"name":"x","kind":"rate","series":"net.rx.bytes","condition":"above","threshold":1}""")]
    public async Task SevenDays_WhichIsAsLongAsSamplesAreKept_AreTriedOnSamples(string rule)
    {
        // A spike of one sample, which no mean of a minute shows, near the beginning.
        var from = NowAt - (7 * 24 * Hour) + (2 * Minute);
        await _host.ReportAsync(
            PastSamples.Every(10_000, from, from + Hour),
            at => [("cpu.percent", at == from + (30 * Minute) ? 95 : 1), ("net.rx.bytes", at < from + (30 * Minute) ? 5 : 500)],
            interval: 10);
        var preview = await PreviewAsync(rule, "-7d");

        Assert.Equal(("sample", 1), (preview.GetProperty("resolution").GetString(), preview.GetProperty("fired").GetInt32()));
    }

    [Fact]
    public async Task AForecast_FiresBeforeTheDiskIsFull()
    {
        // 2 % an hour from 50 %: in a day 98 %, so 100 % is foretold from an hour later on.
        var from = NowAt - (20 * Hour);
        await _host.ReportAsync(PastSamples.Every(Minute, from, NowAt), at => [("disk.used.percent{mount=/}", 50 + (2.0 * (at - from) / Hour))], interval: 60);
        var preview = await PreviewAsync("""{"name":"x","kind":"forecast","series":"disk.used.percent","condition":"atOrAbove","threshold":100,"withinSeconds":86400}""", "-1d");

        Assert.Equal("minute", preview.GetProperty("resolution").GetString());
        var (at, to, peak) = Assert.Single(Episodes(Assert.Single(preview.GetProperty("series").EnumerateArray())));
        // Three hours of values there must be; by then it is 56 %.
        Assert.InRange(at, from + (3 * Hour), from + (3 * Hour) + (5 * Minute));
        Assert.Null(to);
        Assert.Equal(138, peak!.Value, 1.0);
    }

    [Fact]
    public async Task AHostsSilence_ItsRestart_AndASeriesThatIsGone_AreFound()
    {
        var times = PastSamples.Every(Minute, NowAt - (3 * Hour), NowAt - (2 * Hour)).Concat(PastSamples.Every(Minute, NowAt - Hour, NowAt)).ToArray();
        await _host.ReportAsync(
            times,
            at => at >= NowAt - (20 * Minute) && at < NowAt - (10 * Minute)
                ? [("uptime.seconds", (at - NowAt + Hour) / 1000.0)]
                : [("uptime.seconds", at < NowAt - Hour ? 1e6 + (at / 1000.0) : (at - NowAt + Hour) / 1000.0), ("cpu.percent", 5)],
            interval: 60);

        var offline = await PreviewAsync("""{"name":"x","kind":"offline","forSeconds":60}""", "-170m");
        var (from, to, _) = Assert.Single(Episodes(Assert.Single(offline.GetProperty("series").EnumerateArray())));
        Assert.Equal(NowAt - Hour, to);
        // Its last sample was a minute before; three intervals later it is missed, and a minute after that told of.
        Assert.InRange(from, NowAt - (2 * Hour), NowAt - (2 * Hour) + (4 * Minute));

        var rebooted = await PreviewAsync("""{"name":"x","kind":"rebooted"}""", "-170m");
        Assert.Equal([(NowAt - Hour, NowAt - Hour, null)], Episodes(Assert.Single(rebooted.GetProperty("series").EnumerateArray())));

        var noData = await PreviewAsync("""{"name":"x","kind":"noData","series":"cpu.percent","forSeconds":120}""", "-170m");
        Assert.Equal([(NowAt - (18 * Minute), NowAt - (10 * Minute), null)], Episodes(Assert.Single(noData.GetProperty("series").EnumerateArray())));
    }

    [Fact]
    public async Task MoreThanIsAffordable_IsTriedOnMeans()
    {
        // 130,000 values of a sample each: more than a preview reads.
        var names = Enumerable.Range(0, 50).Select(i => $"cpu.core.percent{{core={i}}}").ToArray();
        await _host.ReportAsync(PastSamples.Every(1_000, NowAt - (6 * Hour), NowAt - (6 * Hour) + (21_000 * 1_000)), _ => names.Select(name => (name, 95.0)), interval: 1);
        const string Rule = """{"name":"x","kind":"threshold","series":"cpu.core.percent","condition":"above","threshold":90}""";

        Assert.Equal(("minute", 50), Resolution(await PreviewAsync(Rule, "-7h")));
        Assert.Equal(("sample", 50), Resolution(await PreviewAsync(Rule, "-1h")));
    }

    [Fact]
    public async Task WhatIsLongAgo_IsTriedOnWhatIsKept()
    {
        await _host.ReportAsync(PastSamples.Every(Minute, NowAt - (40 * 24 * Hour), NowAt - (40 * 24 * Hour) + Hour), _ => [("cpu.percent", 95)], interval: 60);
        const string Rule = """{"name":"x","kind":"threshold","series":"cpu.percent","condition":"above","threshold":90}""";

        Assert.Equal(("minute", 1), Resolution(await PreviewAsync(Rule, "-60d")));
        Assert.Equal(("quarterHour", 1), Resolution(await PreviewAsync(Rule, "-1y")));
    }

    [Fact]
    public async Task NoHistory_IsNoEpisode()
    {
        var preview = await PreviewAsync("""{"name":"x","kind":"threshold","series":"cpu.percent","condition":"above","threshold":90}""", "-7d");
        Assert.Equal((0, 0), (preview.GetProperty("fired").GetInt32(), preview.GetProperty("series").GetArrayLength()));
        Assert.Equal(0, (await PreviewAsync("""{"name":"x","kind":"offline"}""", "-7d")).GetProperty("fired").GetInt32());
    }

    [Fact]
    public async Task WhatIsWrong_IsNamed_AndAnothersHostDoesNotExist()
    {
        const string Good = """{"name":"x","kind":"offline"}""";
        foreach (var (body, field) in new[]
        {
            ($$"""{"rule":{{Good}}}""", "hostId"),
            ($$"""{"hostId":{{_host.Id}}}""", "rule"),
            ($$$"""{"hostId":{{{_host.Id}}},"rule":{"name":"x","kind":"classic"}}""", "kind"),
            ($$"""{"hostId":{{_host.Id}},"rule":{{Good}},"from":"soon"}""", "from"),
            ($$"""{"hostId":{{_host.Id}},"rule":{{Good}},"from":"now()"}""", "from"),
        })
        {
            var answer = await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules/preview", body);
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        }

        var names = Enumerable.Range(0, 51).Select(i => $"cpu.core.percent{{core={i}}}").ToArray();
        await _host.ReportAsync([NowAt - Minute], _ => names.Select(name => (name, 1.0)));
        var tooMany = await SendAsync(_server.Admin, _host.Id, """{"name":"x","kind":"threshold","series":"cpu.core.percent","condition":"above","threshold":90}""", "-1h");
        tooMany.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("51 series", tooMany.Text, StringComparison.Ordinal);

        var stranger = await _server.SignInAsync();
        (await SendAsync(stranger, _host.Id, Good, "-1h")).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await SendAsync(_server.Admin, 999_999, Good, "-1h")).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
    }

    private async Task<JsonElement> PreviewAsync(string rule, string from)
    {
        var answer = await SendAsync(_server.Admin, _host.Id, rule, from);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private static Task<Answer> SendAsync(SignedIn user, long hostId, string rule, string from) =>
        user.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules/preview", $$"""{"hostId":{{hostId}},"rule":{{rule}},"from":"{{from}}"}""");

    private static (string?, int) Resolution(JsonElement preview) => (preview.GetProperty("resolution").GetString(), preview.GetProperty("fired").GetInt32());

    private static (long From, long? To, double? Peak)[] Episodes(JsonElement series) =>
    [
        .. series.GetProperty("episodes").EnumerateArray().Select(episode => (
            episode.GetProperty("from").GetInt64(),
            episode.GetProperty("to").ValueKind == JsonValueKind.Null ? (long?)null : episode.GetProperty("to").GetInt64(),
            episode.GetProperty("peak").ValueKind == JsonValueKind.Null ? (double?)null : episode.GetProperty("peak").GetDouble())),
    ];
}
