using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Reports;

/// <summary>
/// <c>POST /ingest</c> of the older StatusMonitor, for its agents as they are: one sample a request in any of their three shapes, and errors
/// as <c>{"detail":"…"}</c>.
/// </summary>
internal static class ClassicIngest
{
    // The agents do not say their interval; it is between 5 and 60 s unless somebody set another.
    private static readonly TimeSpan AssumedInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);
    private static readonly byte[] Received = """{"status":"received"}"""u8.ToArray();

    public static async Task Post(HttpContext context, ReportIntake intake)
    {
        if (!context.Request.Headers.ContainsKey("X-Agent-Token"))
        {
            await RefuseAsync(context, 401, "Missing agent token");
            return;
        }

        if (await intake.Sessions.FindAsync(context) is not { } session)
        {
            await RefuseAsync(context, 401, "Invalid agent token");
            return;
        }

        var (body, bodyProblem) = await ReportBody.ReadAsync(context.Request, intake.Budget);
        if (body is null)
        {
            await RefuseBodyAsync(context, intake, session, bodyProblem!.Status!.Value, bodyProblem.Detail!);
            return;
        }

        ClassicReport report;
        using (body) report = ClassicReport.Read(body.Bytes, intake.Time.GetUtcNow());
        if (report.Error is { } error)
        {
            await RefuseBodyAsync(context, intake, session, 400, error);
            return;
        }

        var result = await intake.StoreAsync(session, new HostReports(session.Token, null, [ToHostReport(session, report, intake.Time)]));
        await (result.Outcome switch
        {
            ReportOutcome.Stored => AnswerAsync(context, 200, Received),
            ReportOutcome.UnknownToken or ReportOutcome.ExpiredToken => RefuseAsync(context, 401, "Invalid agent token"),
            ReportOutcome.TooManySeries => RefuseAsync(context, 400, "Too many different series"),
            ReportOutcome.Busy => RefuseAsync(context, 503, "Failed to store metrics"),
            _ => RefuseAsync(context, 503, "Metrics storage unavailable"),
        });
    }

    /// <summary>
    /// Refuses a body, but the token comes first, as it always did: one that is no longer good is refused whatever it brings, and a good one counts as used. With a good
    /// body the host finds that out as it takes the report.
    /// </summary>
    private static async Task RefuseBodyAsync(HttpContext context, ReportIntake intake, AgentSession session, int status, string detail)
    {
        // Too busy to read the body is too busy for this as well.
        var outcome = status == 503 ? TokenOutcome.Valid : await intake.ValidateAsync(session);
        await (outcome switch
        {
            TokenOutcome.Valid => RefuseAsync(context, status, detail),
            TokenOutcome.StorageFailed => RefuseAsync(context, 503, "Metrics storage unavailable"),
            _ => RefuseAsync(context, 401, "Invalid agent token"),
        });
    }

    /// <summary>Answers a problem in the classic shape.</summary>
    public static Task RefuseAsync(ProblemDetails problem, HttpContext context) => RefuseAsync(context, problem.Status!.Value, problem.Detail!);

    private static HostReport ToHostReport(AgentSession session, ClassicReport report, TimeProvider time)
    {
        var shape = session.Shape;
        if (!shape.Series.Names.AsSpan().SequenceEqual(report.Names.AsSpan())) session.Shape = shape = ReportShape.Of(report.Names, report.Names);

        // There is no sequence number either; the order of receipt serves as one.
        var sequence = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new HostReport(sequence, "", report.At.ToUnixTimeMilliseconds(), Interval(session, time), shape.Series, report.Values);
    }

    /// <summary>The time since the report before stands for the interval: a gap makes it long once, the next report corrects it.</summary>
    private static TimeSpan Interval(AgentSession session, TimeProvider time)
    {
        var last = session.LastClassicReport;
        session.LastClassicReport = time.GetTimestamp();
        if (last is null) return AssumedInterval;
        var gap = time.GetElapsedTime(last.Value);
        return gap < ShortestInterval ? ShortestInterval : gap > ReportLimits.MaxInterval ? ReportLimits.MaxInterval : gap;
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        if (status == 503) context.Response.Headers.RetryAfter = "2";
        return AnswerAsync(context, status, Encoding.UTF8.GetBytes($$"""{"detail":"{{JsonEncodedText.Encode(detail)}}"}"""));
    }

    private static async Task AnswerAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json);
    }
}
