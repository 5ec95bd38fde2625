using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.Accounts;
using StatusMonitor.Gateway.Alerts;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Gateway.Cluster;
using StatusMonitor.Gateway.Enrolment;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.History;
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
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(HostChangeRequest))]
[JsonSerializable(typeof(HostNotesView))]
[JsonSerializable(typeof(HostTokenView[]))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSerializable(typeof(HostShareView[]))]
[JsonSerializable(typeof(HostShareRequest))]
[JsonSerializable(typeof(FleetPage))]
[JsonSerializable(typeof(FleetQuery))]
[JsonSerializable(typeof(HostView))]
[JsonSerializable(typeof(FleetChanged))]
[JsonSerializable(typeof(HostSamples))]
[JsonSerializable(typeof(HostStatusChanged))]
[JsonSerializable(typeof(HostGone))]
[JsonSerializable(typeof(Resync))]
[JsonSerializable(typeof(CatalogueView))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(HistoryOfHostsAnswer))]
[JsonSerializable(typeof(FleetHistoryAnswer))]
[JsonSerializable(typeof(RuleRequest))]
[JsonSerializable(typeof(RuleChangeRequest))]
[JsonSerializable(typeof(RuleView))]
[JsonSerializable(typeof(RulesView))]
[JsonSerializable(typeof(RulePreviewRequest))]
[JsonSerializable(typeof(RulePreviewView))]
[JsonSerializable(typeof(ServerHealth))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(MemberFacts))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(CredentialsRequest))]
[JsonSerializable(typeof(SignInOptionsView))]
[JsonSerializable(typeof(SignInView))]
[JsonSerializable(typeof(PasswordChangeRequest))]
[JsonSerializable(typeof(IReadOnlyList<SessionView>))]
[JsonSerializable(typeof(NewEnrolmentRequest))]
[JsonSerializable(typeof(IReadOnlyList<EnrolmentView>))]
[JsonSerializable(typeof(NewUserRequest))]
[JsonSerializable(typeof(NewUserView))]
[JsonSerializable(typeof(UserChangeRequest))]
[JsonSerializable(typeof(PasswordResetRequest))]
[JsonSerializable(typeof(PasswordResetView))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ChannelRequest))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(ChannelsView))]
[JsonSerializable(typeof(ChannelTestView))]
[JsonSerializable(typeof(TelegramLinkView))]
[JsonSerializable(typeof(ClassicAccount))]
[JsonSerializable(typeof(ClassicTokens))]
[JsonSerializable(typeof(ClassicLogout))]
[JsonSerializable(typeof(ClassicRefusal))]
[JsonSerializable(typeof(ClassicInvalid))]
[JsonSerializable(typeof(IncidentPage))]
[JsonSerializable(typeof(IncidentStoryView))]
[JsonSerializable(typeof(CommentRequest))]
[JsonSerializable(typeof(NotificationPage))]
[JsonSerializable(typeof(AlertsNews))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(SilenceView))]
[JsonSerializable(typeof(SilencesView))]
[JsonSerializable(typeof(RoutingView))]
[JsonSerializable(typeof(long))]
internal sealed partial class GatewayJson : JsonSerializerContext;
