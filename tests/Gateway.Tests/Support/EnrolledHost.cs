using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>A host, seen from both sides: its agent's and an operator's.</summary>
internal sealed class EnrolledHost(HttpClient http, long id, string token)
{
    public long Id { get; } = id;

    public string Token { get; } = token;

    /// <summary>A request of its agent.</summary>
    public HttpRequestMessage Request(HttpContent body, string path = "/api/v1/reports")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("X-Agent-Token", Token);
        return request;
    }

    public async Task<Answer> PostAsync(HttpContent body, string path = "/api/v1/reports")
    {
        using var request = Request(body, path);
        using var response = await http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> PostAsync(string json, string path = "/api/v1/reports") => PostAsync(Json(Encoding.UTF8.GetBytes(json)), path);

    public Task<Answer> IngestAsync(string json) => PostAsync(json, "/ingest");

    /// <summary>Posts reports that must be taken.</summary>
    public async Task<(int Accepted, int Repeated)> ReportAsync(params string[] reports)
    {
        var answer = await PostAsync(ReportJson.Batch(reports));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return (answer.Json.GetProperty("accepted").GetInt32(), answer.Json.GetProperty("repeated").GetInt32());
    }

    public Task<JsonElement> GetAsync() => http.GetFromJsonAsync<JsonElement>($"/api/v1/hosts/{Id}");

    /// <summary>The stored values: by time, by series.</summary>
    public async Task<SortedDictionary<long, Dictionary<string, double>>> ReadAsync() => Read(await GetAsync());

    public static SortedDictionary<long, Dictionary<string, double>> Read(JsonElement host)
    {
        var samples = new SortedDictionary<long, Dictionary<string, double>>();
        var times = host.GetProperty("times").EnumerateArray().Select(time => time.GetInt64()).ToArray();
        foreach (var time in times) samples.Add(time, []);
        var columns = host.GetProperty("values").EnumerateArray().ToArray();
        foreach (var (series, index) in host.GetProperty("series").EnumerateArray().Select((series, index) => (series.GetProperty("name").GetString()!, index)))
        {
            foreach (var (value, row) in columns[index].EnumerateArray().Select((value, row) => (value, row)))
            {
                if (value.ValueKind != JsonValueKind.Null) samples[times[row]].Add(series, value.GetDouble());
            }
        }

        return samples;
    }

    public static ByteArrayContent Json(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static ByteArrayContent Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        var content = Json(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string? MediaType, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The last part of the problem's type.</summary>
    public string? Problem => MediaType == "application/problem+json" ? Json.GetProperty("type").GetString()!["/problems/".Length..] : null;

    public static async Task<Answer> OfAsync(HttpResponseMessage response) =>
        new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);

    /// <summary>It is a whole problem: type, title, status and a detail for a person.</summary>
    public void AssertProblem(HttpStatusCode status, string type)
    {
        Assert.True(status == Status, $"{(int)Status} {Text}");
        Assert.Equal(type, Problem);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
    }
}

/// <summary>The bodies of agents.</summary>
internal static class ReportJson
{
    public static string Batch(params IEnumerable<string> reports) => $$"""{"reports":[{{string.Join(",", reports)}}]}""";

    public static string Report(long seq, long at, string samples = """{"cpu.percent":12.5}""", double interval = 5, string bootId = "boot-1") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"seq":{{seq}},"bootId":"{{bootId}}","at":"{{Time(at)}}","interval":{{interval}},"samples":{{samples}}}""");

    public static string Samples(IEnumerable<KeyValuePair<string, double>> values) => JsonSerializer.Serialize(new Dictionary<string, double>(values));

    public static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
