namespace StatusMonitor.Gateway.Health;

/// <summary>Answer of a probe. <paramref name="Server"/> is the server's name, where it matters.</summary>
internal sealed record ProbeAnswer(string Status, string? Server);

/// <summary>What a proxy or a supervisor asks: whether this process lives, and whether requests are to be sent to it.</summary>
internal static class Probes
{
    public const string Live = "/health/live";

    public const string Ready = "/health/ready";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddProbes(this IServiceCollection services) => services.AddSingleton<Readiness>().AddSingleton<Liveness>();

    public static void MapProbes(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Live, Methods, async (Liveness liveness) => await liveness.IsAliveAsync() ? IsLive() : Problems.Stuck().ToResult());
        routes.MapMethods(Ready, Methods, async (Readiness readiness, ServerOptions options, CancellationToken cancellationToken) =>
            await readiness.FindProblemAsync(cancellationToken) is { } problem ? Problems.NotReady(problem).ToResult() : Answer("ready", options.ServerName));
    }

    /// <summary>It answers, so it lives.</summary>
    public static IResult IsLive() => Answer("live", null);

    private static IResult Answer(string status, string? server) => Results.Json(new ProbeAnswer(status, server), GatewayJson.Default.ProbeAnswer);
}
