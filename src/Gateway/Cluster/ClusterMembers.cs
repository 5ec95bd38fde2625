using System.Text.Json;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Cluster;

/// <summary>The processes of the server, as far as this one knows: itself by its own knowledge, the others by what they say in the database.</summary>
internal sealed class ClusterMembers(MemberBeats beats, TimeProvider time, PostgresMembers? table = null)
{
    // What was last read, for the time that the database is away.
    private volatile IReadOnlyList<MemberView> _others = [];

    /// <summary>This process first, then the others by name. Of what cannot be read now, what was known before, as <c>unknown</c>.</summary>
    public async Task<IReadOnlyList<MemberView>> ReadAsync(CancellationToken cancellationToken)
    {
        var (name, address, startedAt, facts) = beats.Own;
        var own = View(name, address, startedAt, time.GetUtcNow(), facts, facts.State ?? "active", isThis: true);
        if (table is null) return [own];
        try
        {
            var rows = await table.ReadAsync(cancellationToken);
            _others = [.. rows.Where(row => (row.Name, row.Address) != (name, address)).Select(Other)];
            return [own, .. _others];
        }
        catch (StorageFailedException)
        {
            return [own, .. _others.Select(member => member with { State = "unknown", Figures = null })];
        }
    }

    private MemberView Other(MemberRow row)
    {
        var facts = Read(row.Facts);
        var isGone = row.Silence >= MemberBeats.GoneAfter;
        // What it said last is not how it is.
        return View(row.Name, row.Address, row.StartedAt, time.GetUtcNow() - row.Silence, isGone ? facts with { Figures = null } : facts, isGone ? "gone" : facts.State ?? "unknown", isThis: false);
    }

    private static MemberView View(string name, string address, DateTimeOffset startedAt, DateTimeOffset heardAt, MemberFacts facts, string state, bool isThis) =>
        new(name, address, facts.Role ?? "unknown", state, startedAt, heardAt, facts.Version, isThis, facts.Figures);

    private static MemberFacts Read(string facts)
    {
        try
        {
            return JsonSerializer.Deserialize(facts, GatewayJson.Default.MemberFacts) ?? new(null, null, null, null);
        }
        catch (JsonException)
        {
            // Of another version, which says it in another way; that it is there is known.
            return new(null, null, null, null);
        }
    }
}
