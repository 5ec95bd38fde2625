namespace StatusMonitor.Gateway.Access;

/// <summary>
/// The dashboard's refresh token. It is a cookie that no script can read and that is sent only to the paths that need it, and only from our own pages.
/// </summary>
internal static class RefreshCookie
{
    private const string Name = "statusmonitor_refresh";
    private const string Path = "/api/v1/auth";

    public static string? Of(HttpContext context) => context.Request.Cookies[Name] is { Length: > 0 } token ? token : null;

    public static void Set(HttpContext context, string token, TimeSpan lifetime)
    {
        var options = Options(context);
        options.MaxAge = lifetime;
        context.Response.Cookies.Append(Name, token, options);
    }

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    /// <summary>
    /// Whether a page of another origin has sent the request. SameSite keeps other sites' cookies away, but a site has many origins: other ports of this machine are
    /// of the same one. A browser says best itself what it thinks of it; an older one, or one without TLS, names the origin, which must be the host that was asked.
    /// </summary>
    public static bool IsFromAnotherOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is not ("same-origin" or "none");

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = Path };
}
