using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Something about the server itself that is still to be told.</summary>
public sealed record ServerNotice(DateTimeOffset At, string Title, string Text);

/// <summary>What is stored with a transition of a forecast.</summary>
public sealed record ForecastNote(DateTimeOffset Until);

/// <summary>JSON of what the desk puts into the store: names as in the API, enumerations as words.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertTransition))]
[JsonSerializable(typeof(AlertRule))]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(ImmutableArray<ProcessSighting>))]
[JsonSerializable(typeof(ServerNotice))]
[JsonSerializable(typeof(ForecastNote))]
public sealed partial class DeskJson : JsonSerializerContext;
