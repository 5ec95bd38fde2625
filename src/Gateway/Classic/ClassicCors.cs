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

    public static void UseClassicCors(this IApplicationBuilder app)
    {
        app.Use((context, next) => HttpMethods.IsOptions(context.Request.Method) ? AnswerPreflightAsync(context, next) : next(context));
        app.UseCors();
    }

    /// <summary>ASP.NET Core ends every preflight with an empty 204; the original said <c>OK</c> to those it allows.</summary>
    private static async Task AnswerPreflightAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode != StatusCodes.Status204NoContent || response.Headers.AccessControlAllowOrigin.Count == 0) return;

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync("OK", context.RequestAborted);
    }
}
