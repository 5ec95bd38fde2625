using Microsoft.AspNetCore.HttpOverrides;

namespace StatusMonitor.Gateway;

/// <summary>Takes the word of the proxies that are trusted, and of nobody else, for where a request came from and whether it came over TLS.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this IApplicationBuilder app, ServerOptions options)
    {
        if (options.Proxies.Length == 0) return;

        // No limit to the proxies in a row: each must be trusted. The lists begin with loopback, which is trusted only if it is named.
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Proxies) forwarded.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(forwarded);
    }
}
