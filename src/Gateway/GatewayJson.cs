using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Gateway.Live;

namespace StatusMonitor.Gateway;

/// <summary>Source-generated JSON of our own API and of the live hub: camelCase.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(NewHostRequest))]
[JsonSerializable(typeof(NewHostView))]
[JsonSerializable(typeof(FleetPage))]
[JsonSerializable(typeof(FleetQuery))]
[JsonSerializable(typeof(HostView))]
[JsonSerializable(typeof(FleetChanged))]
[JsonSerializable(typeof(HostSamples))]
[JsonSerializable(typeof(HostStatusChanged))]
[JsonSerializable(typeof(Resync))]
[JsonSerializable(typeof(ServerHealth))]
[JsonSerializable(typeof(ClassicRefusal))]
[JsonSerializable(typeof(ClassicInvalid))]
[JsonSerializable(typeof(long))]
internal sealed partial class GatewayJson : JsonSerializerContext;
