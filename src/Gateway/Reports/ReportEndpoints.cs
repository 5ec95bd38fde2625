using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Reports;

/// <summary>Where agents bring their reports: our own endpoint, and the classic one of the older agents.</summary>
internal static class ReportEndpoints
{
    private static readonly byte[] OneAccepted = """{"accepted":1,"repeated":0}"""u8.ToArray();

    public static void AddReports(this IServiceCollection services) =>
        services.AddSingleton<AgentSessions>().AddSingleton<ReportBodyBudget>().AddSingleton<ReportIntake>();

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var intake = routes.ServiceProvider.GetRequiredService<ReportIntake>();
        routes.MapPost("/api/v1/reports", (RequestDelegate)(context => Guard(context, intake, Post, Problems.WriteAsync))).ShortCircuit();
        routes.MapPost("/ingest", (RequestDelegate)(context => Guard(context, intake, ClassicIngest.Post, ClassicIngest.RefuseAsync))).ShortCircuit();
    }

    /// <summary>Answers what the request or the storage failed with; short-circuited routes do not reach the error middleware.</summary>
    private static async Task Guard(HttpContext context, ReportIntake intake, Func<HttpContext, ReportIntake, Task> handle, Func<ProblemDetails, HttpContext, Task> refuse)
    {
        try
        {
            await handle(context, intake);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            intake.Failed(context, exception);
            await refuse(Problems.Of(exception), context);
        }
    }

    private static async Task Post(HttpContext context, ReportIntake intake)
    {
        if (await intake.Sessions.FindAsync(context) is not { } session)
        {
            await Problems.UnknownToken().WriteAsync(context);
            return;
        }

        var (body, bodyProblem) = await ReportBody.ReadAsync(context.Request, intake.Budget);
        if (body is null)
        {
            await bodyProblem!.WriteAsync(context);
            return;
        }

        HostReports? reports;
        using (body)
        {
            (reports, var problem) = ReportReader.Read(body.Bytes, session, intake.Time.GetUtcNow());
            if (reports is null)
            {
                await problem!.WriteAsync(context);
                return;
            }
        }

        var result = await intake.StoreAsync(session, reports);
        await (result.Outcome switch
        {
            ReportOutcome.Stored => WriteAnswerAsync(context, result),
            ReportOutcome.UnknownToken => Problems.UnknownToken().WriteAsync(context),
            ReportOutcome.ExpiredToken => Problems.ExpiredToken().WriteAsync(context),
            ReportOutcome.TooManySeries => Problems.LimitExceeded(400, "The host has had too many different series; a label's value may change with every report.").WriteAsync(context),
            ReportOutcome.Busy => Problems.Busy().WriteAsync(context),
            ReportOutcome.StorageFull => Problems.StorageFull().WriteAsync(context),
            _ => Problems.StorageFailed().WriteAsync(context),
        });
    }

    private static Task WriteAnswerAsync(HttpContext context, ReportResult result)
    {
        var answer = result switch
        {
            { AskProcesses: > 0 } => Text($$$"""{"accepted":{{{result.Accepted}}},"repeated":{{{result.Repeated}}},"ask":{"processes":{{{result.AskProcesses}}}}}"""),
            { Accepted: 1, Repeated: 0 } => OneAccepted,
            _ => Text($$"""{"accepted":{{result.Accepted}},"repeated":{{result.Repeated}}}"""),
        };
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;

        // The server flushes when the request ends; doing it here as well would be a second way through the socket.
        context.Response.BodyWriter.Write(answer);
        return Task.CompletedTask;
    }

    private static byte[] Text(FormattableString json) => Encoding.ASCII.GetBytes(json.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What taking reports in needs, whatever shape they come in.</summary>
internal sealed partial class ReportIntake(AgentSessions sessions, ReportBodyBudget budget, TimeProvider time, ILogger<ReportIntake> logger)
{
    private long _stored;

    public AgentSessions Sessions { get; } = sessions;

    public ReportBodyBudget Budget { get; } = budget;

    public TimeProvider Time { get; } = time;

    /// <summary>Reports that were new and are stored, since the start.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Notes why a request failed, unless it was the agent that went away or sent nonsense.</summary>
    public void Failed(HttpContext context, Exception exception)
    {
        if (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested) Log.Failed(logger, exception);
    }

    /// <summary>Brings reports to their host. A session whose token is no longer good is forgotten.</summary>
    public async Task<ReportResult> StoreAsync(AgentSession session, HostReports reports)
    {
        try
        {
            var result = await session.Host.Report(reports);
            if (result.Outcome is ReportOutcome.UnknownToken or ReportOutcome.ExpiredToken) Sessions.Forget(session);
            Interlocked.Add(ref _stored, result.Accepted);
            return result;
        }
        catch (StorageBusyException)
        {
            return new ReportResult(ReportOutcome.Busy);
        }
        catch (StorageFailedException)
        {
            // The host could not even be read.
            return new ReportResult(ReportOutcome.StorageFailed);
        }
    }

    /// <summary>Whether a session's token is good, without a report; a good one is permanent from then on. A session whose token is not is forgotten.</summary>
    public async Task<TokenOutcome> ValidateAsync(AgentSession session)
    {
        try
        {
            var outcome = await session.Host.ValidateToken(session.Token);
            if (outcome is TokenOutcome.Unknown or TokenOutcome.Expired) Sessions.Forget(session);
            return outcome;
        }
        catch (StorageFailedException)
        {
            // The host could not even be read.
            return TokenOutcome.StorageFailed;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Reports could not be taken in.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
