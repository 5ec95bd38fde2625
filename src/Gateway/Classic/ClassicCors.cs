using Microsoft.AspNetCore.Cors.Infrastructure;

namespace StatusMonitor.Gateway.Classic;

/// <summary>The older dashboard is a page of another origin, so the classic endpoints, and only those, answer such pages if their origin is on the list.</summary>
internal static class ClassicCors
{
    public const string Policy = "classic";

    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

    public static void AddClassicCors(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<ServerOptions>((cors, options) => cors.AddPolicy(
            Policy,
            policy => policy.WithOrigins(options.Origins).AllowCredentials().AllowAnyMethod().AllowAnyHeader().SetPreflightMaxAge(PreflightMaxAge)));
    }
}
