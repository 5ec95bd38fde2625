using System.Net;
using System.Net.Sockets;

namespace StatusMonitor.Gateway.Access;

/// <summary>Where a request came from; a trusted proxy's word for it has been taken by then (ServerOptions.TrustedProxies).</summary>
internal static class ClientAddress
{
    /// <summary>For people: the address, or null if the connection has none.</summary>
    public static string? TextOf(HttpContext context) => Of(context)?.ToString();

    /// <summary>For counting attempts: an IPv6 address by its network of 64 bits, within which one person may use any.</summary>
    public static string SubjectOf(HttpContext context)
    {
        if (Of(context) is not { } address) return "address:unknown";
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return $"address:{address}";

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"address:{new IPAddress(bytes)}/64";
    }

    private static IPAddress? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;
}
