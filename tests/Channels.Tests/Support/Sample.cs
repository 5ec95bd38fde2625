using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>Messages and channels of tests, and what sends them.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A name that has markup of everything.</summary>
    public const string Tricky = "web_1 *x* [a](b) <b>&`~@channel <!here> \"q\"\\";

    public static AlertMessage Fired(int items = 1, string host = "web-1", string? text = null) => new()
    {
        Kind = MessageKind.Fired,
        Title = items == 1 ? $"{host}: CPU busy" : $"{items} hosts offline",
        Severity = AlertSeverity.Critical,
        At = Noon,
        Items = [.. Enumerable.Range(1, Math.Min(items, 500)).Select(i => Item(i, items == 1 ? host : $"{host}-{i}"))],
        Count = items,
        Text = text,
        Path = items == 1 ? "/alerts/1-17" : "/alerts",
    };

    public static AlertMessageItem Item(long hostId, string host) => new(
        $"{hostId}-17", hostId, host, "CPU busy", AlertSeverity.Critical, "cpu.percent is 97.3 %, at or above 90 % for 5 min", Noon, null, true, null, [new ProcessSighting(42, "ffmpeg", 389.5, 1_234_000_000)]);

    public static AlertChannel Channel(ChannelKind kind, params (string Name, string Value)[] settings) =>
        new() { Id = 3, Name = "a channel", Kind = kind, Settings = settings.ToImmutableDictionary(setting => setting.Name, setting => setting.Value) };

    public static IOptions<ChannelOptions> Options(bool allowPrivate = true, string? publicUrl = null, TimeSpan? timeout = null) =>
        Microsoft.Extensions.Options.Options.Create(new ChannelOptions { AllowPrivate = allowPrivate, PublicUrl = publicUrl, Timeout = timeout ?? TimeSpan.FromSeconds(15) });

    public static ChannelHttp Http(IOptions<ChannelOptions> options, TimeProvider? time = null) => new(new GuardedConnector(options), options, time ?? TimeProvider.System);
}
