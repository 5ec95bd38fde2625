using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Gateway.Live;

namespace StatusMonitor.Gateway;

/// <summary>Source-generated JSON of our own API and of the live hub: camelCase, enums as camelCase words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(HostStatusConverter)])]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(NewHostRequest))]
[JsonSerializable(typeof(NewHost))]
[JsonSerializable(typeof(FleetPage))]
[JsonSerializable(typeof(FleetQuery))]
[JsonSerializable(typeof(HostView))]
[JsonSerializable(typeof(FleetChanged))]
[JsonSerializable(typeof(HostSamples))]
[JsonSerializable(typeof(HostStatusChanged))]
[JsonSerializable(typeof(Resync))]
[JsonSerializable(typeof(ServerHealth))]
[JsonSerializable(typeof(long))]
internal sealed partial class GatewayJson : JsonSerializerContext;

/// <summary>Statuses as the words people read: <c>pending</c>, <c>online</c>, <c>late</c>, <c>offline</c>.</summary>
internal sealed class HostStatusConverter() : JsonStringEnumConverter<Grains.Hosts.HostStatus>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
