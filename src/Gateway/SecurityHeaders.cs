namespace StatusMonitor.Gateway;

/// <summary>
/// What browsers are told about every answer of the dashboard and the API: nothing is run, framed or guessed that is not ours. Reports are answered before this; no
/// browser reads those.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>For the dashboard: everything is ours and in files. What scripts do to styles themselves, as the charts do, is not held up by it.</summary>
    public const string PageContent =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string ApiContent = "default-src 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // When the answer begins, because an error on the way clears what was set before.
        context.Response.OnStarting(Set, context);
        return next(context);
    });

    private static Task Set(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = ApiContent;
        // What is not a file of the dashboard is somebody's own: tokens, names, hosts.
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        return Task.CompletedTask;
    }
}
