using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Tests.Alerts;

public sealed class AlertRetentionTests
{
    [Fact]
    public async Task IncidentsThatWereOverLongAgo_AreDroppedAtTheStart()
    {
        using var data = new Folder();
        await using (var server = await RunningServer.StartAsync(options => options.AlertDays = 40, data: data))
        {
            var now = TimeProvider.System.GetUtcNow();
            await server.Services.GetRequiredService<IAlertStore>().AcceptAsync([Entry("old", now.AddDays(-41)), Entry("new", now.AddDays(-39)), Entry("open", null)]);
        }

        await using var again = await RunningServer.StartAsync(options => options.AlertDays = 40, data: data);
        var store = again.Services.GetRequiredService<IAlertStore>();
        await Patience.Until(
            async () => (await store.ReadAsync(new IncidentQuery(), CancellationToken.None)).Select(incident => incident.Id).Order().SequenceEqual(["new", "open"]),
            () => "the old incident is gone and the others not");
    }

    private static TransitionEntry Entry(string id, DateTimeOffset? resolvedAt)
    {
        var opened = new Incident(id, 1, 1, "host", 1, "rule", 1, null, DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture), null, "{}");
        return new TransitionEntry(id, 1, new IncidentChange(id, opened, null) { ResolvedAt = resolvedAt }, false, "{}");
    }
}
