using System.Security.Cryptography.X509Certificates;

namespace StatusMonitor.Channels;

/// <summary>How messages leave the server.</summary>
public sealed class ChannelOptions
{
    /// <summary>
    /// Whether channels may lead to loopback, private and other addresses that are not of the public internet. Whoever has an account may make a channel, and so could reach what only this machine
    /// reaches. Default: no.
    /// </summary>
    public bool AllowPrivate { get; set; }

    /// <summary>Where people reach the dashboard, without a slash at its end; links in messages begin with it. Default: none, and messages have no links.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>How long a try may take, names and connections included. Longer holds back what is behind it. Default: 15 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Roots that certificates of mail servers may have besides those of the machine.</summary>
    internal X509Certificate2Collection ExtraRoots { get; } = [];

    /// <summary>The address of a path of the dashboard, or null if nobody said where it is.</summary>
    internal string? LinkTo(string path) => PublicUrl is { Length: > 0 } address ? address.TrimEnd('/') + path : null;
}
