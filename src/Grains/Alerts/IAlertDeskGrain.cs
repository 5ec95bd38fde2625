using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Alerts;

/// <summary>Who does something with an incident.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Name">As people know it: a user name, or <c>anna (Telegram)</c>.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertActor")]
public sealed record AlertActor([property: Id(0)] long AccountId, [property: Id(1)] string Name);

/// <summary>How notifications of many hosts are put together.</summary>
[JsonConverter(typeof(GroupingConverter))]
public enum Grouping
{
    /// <summary>All of one rule.</summary>
    All,

    /// <summary>By the hosts' group.</summary>
    Group,

    /// <summary>By the hosts' first tag.</summary>
    Tag,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class GroupingConverter() : JsonStringEnumConverter<Grouping>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Others who are told when nobody takes it up.</summary>
/// <param name="After">Since the incident began.</param>
/// <param name="Channels">Channels of the account.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.Escalation")]
public sealed record Escalation([property: Id(0)] TimeSpan After, [property: Id(1)] ImmutableArray<long> Channels);

/// <summary>Which alerts go where. What is empty matches all.</summary>
/// <param name="Severities">With one of these severities.</param>
/// <param name="Groups">Of hosts in one of these groups.</param>
/// <param name="Tags">Of hosts with one of these tags.</param>
/// <param name="Rules">Of one of these rules.</param>
/// <param name="Channels">Where they go; empty is nowhere.</param>
/// <param name="Escalations">Who is told besides if nobody takes it up, by time; at most 5.</param>
/// <param name="IsLast">Whether routes after it are not looked at for what it matches.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertRoute")]
public sealed record AlertRoute(
    [property: Id(0)] ImmutableArray<AlertSeverity> Severities,
    [property: Id(1)] ImmutableArray<string> Groups,
    [property: Id(2)] ImmutableArray<string> Tags,
    [property: Id(3)] ImmutableArray<long> Rules,
    [property: Id(4)] ImmutableArray<long> Channels,
    [property: Id(5)] ImmutableArray<Escalation> Escalations,
    [property: Id(6)] bool IsLast);

/// <summary>How an account's notifications are put together and where they go. Without routes everything goes to every channel.</summary>
/// <param name="GroupBy">What is put together.</param>
/// <param name="GroupWindow">Within what time people are told, so about how long is waited for more; 0 to 5 minutes.</param>
/// <param name="Routes">Looked at in order; at most 50.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertRouting")]
public sealed record AlertRouting(
    [property: Id(0)] Grouping GroupBy,
    [property: Id(1)] TimeSpan GroupWindow,
    [property: Id(2)] ImmutableArray<AlertRoute> Routes)
{
    /// <summary>What holds until somebody changes it.</summary>
    public static AlertRouting Default { get; } = new(Grouping.All, TimeSpan.FromSeconds(10), []);
}

/// <summary>A window that comes again.</summary>
/// <param name="Days">Days of the week it begins on; empty is every day.</param>
/// <param name="Start">When it begins, in its time zone.</param>
/// <param name="Length">How long it lasts; at most a week.</param>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>. A beginning that the clock skips is when it goes on.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.Recurrence")]
public sealed record Recurrence(
    [property: Id(0)] ImmutableArray<DayOfWeek> Days,
    [property: Id(1)] TimeOnly Start,
    [property: Id(2)] TimeSpan Length,
    [property: Id(3)] string TimeZone);

/// <summary>Do not notify until then: one stretch of time, or windows that come again (maintenance). What is empty matches all. Alerts change as ever; who would be told is told afterwards if it still matters.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.Silence")]
public sealed record Silence
{
    /// <summary>Number within its account; never given again.</summary>
    [Id(0)]
    public long Id { get; init; }

    /// <summary>Why; at most 200 characters.</summary>
    [Id(1)]
    public string Comment { get; init; } = "";

    /// <summary>Of these hosts.</summary>
    [Id(2)]
    public ImmutableArray<long> Hosts { get; init; } = [];

    /// <summary>Of hosts in these groups.</summary>
    [Id(3)]
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Of hosts with one of these tags.</summary>
    [Id(4)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Of these rules.</summary>
    [Id(5)]
    public ImmutableArray<long> Rules { get; init; } = [];

    /// <summary>Not before this.</summary>
    [Id(6)]
    public DateTimeOffset From { get; init; }

    /// <summary>Until this; null is for ever, for windows that come again alone.</summary>
    [Id(7)]
    public DateTimeOffset? To { get; init; }

    /// <summary>The windows within that, or null for all of it.</summary>
    [Id(8)]
    public Recurrence? Recurrence { get; init; }

    /// <summary>Who made it.</summary>
    [Id(9)]
    public string CreatedBy { get; init; } = "";
}

/// <summary>Something of an account's alerts has changed: whoever shows them reads them again.</summary>
/// <param name="AccountId">Whose rule it is.</param>
/// <param name="People">Who may see the host.</param>
/// <param name="HostId">The host.</param>
/// <param name="IncidentId">The incident.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertsChanged")]
public sealed record AlertsChanged([property: Id(0)] long AccountId, [property: Id(1)] HostPeople People, [property: Id(2)] long HostId, [property: Id(3)] string IncidentId) : LiveUpdate;

/// <summary>
/// Where an account's alerts are told of; the key is the account id. It takes transitions in, puts them together, holds them while they are silenced, decides
/// where they go, and sends until each channel has them. What is to be told is in <see cref="Storage.Alerts.IAlertStore"/>, not here: whatever crashes, the next activation goes on.
/// </summary>
[Alias("StatusMonitor.IAlertDeskGrain")]
public interface IAlertDeskGrain : IGrainWithIntegerKey
{
    /// <summary>Takes transitions in, in order. They are durable when this returns; a repeat changes nothing.</summary>
    [Alias("Accept"), AlwaysInterleave]
    Task Accept(ImmutableArray<AlertTransition> transitions);

    /// <summary>Tells the account's channels something about the server itself, once for each id.</summary>
    [Alias("Notice"), AlwaysInterleave]
    Task Notice(string id, string title, string text);

    /// <summary>Somebody takes an incident up, or with false no longer. False if there is none that goes on. Whoever calls has seen to it that they may.</summary>
    [Alias("Acknowledge"), AlwaysInterleave]
    Task<bool> Acknowledge(string incidentId, AlertActor actor, bool isAcknowledged);

    /// <summary>Somebody says something about an incident. False if there is none.</summary>
    [Alias("Comment"), AlwaysInterleave]
    Task<bool> Comment(string incidentId, AlertActor actor, string text);

    /// <summary>The channels, by id, with their secrets.</summary>
    [Alias("GetChannels"), AlwaysInterleave]
    Task<ImmutableArray<AlertChannel>> GetChannels();

    /// <summary>Adds a channel; its id is given here. Null if there are 50.</summary>
    [Alias("AddChannel")]
    Task<AlertChannel?> AddChannel(AlertChannel channel);

    /// <summary>Puts a channel in the place of the one with its id. False if there is none.</summary>
    [Alias("ReplaceChannel")]
    Task<bool> ReplaceChannel(AlertChannel channel);

    /// <summary>Removes a channel; what waits for it becomes dead. False if there is none.</summary>
    [Alias("RemoveChannel")]
    Task<bool> RemoveChannel(long id);

    /// <summary>Sends a test message at once, past the queue. Null if there is no such channel.</summary>
    [Alias("TestChannel"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    Task<SendResult?> TestChannel(long id);

    /// <summary>How notifications are put together and where they go.</summary>
    [Alias("GetRouting"), AlwaysInterleave]
    Task<AlertRouting> GetRouting();

    /// <summary>Changes that.</summary>
    [Alias("SetRouting")]
    Task SetRouting(AlertRouting routing);

    /// <summary>The silences that are not over, by id.</summary>
    [Alias("GetSilences"), AlwaysInterleave]
    Task<ImmutableArray<Silence>> GetSilences();

    /// <summary>Adds a silence; its id is given here. Null if there are 200.</summary>
    [Alias("AddSilence")]
    Task<Silence?> AddSilence(Silence silence);

    /// <summary>Puts a silence in the place of the one with its id. False if there is none.</summary>
    [Alias("ReplaceSilence")]
    Task<bool> ReplaceSilence(Silence silence);

    /// <summary>Ends a silence. False if there is none.</summary>
    [Alias("RemoveSilence")]
    Task<bool> RemoveSilence(long id);

    /// <summary>The account is deleted: its channels go with their secrets, and its silences and routes. What still waits to be sent becomes dead.</summary>
    [Alias("Clear")]
    Task Clear();

    /// <summary>There is something queued again: looks now.</summary>
    [Alias("Wake"), AlwaysInterleave]
    Task Wake();
}
