using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>What this server alone may do for a time, among all on one database. Time is the database's, so that the servers' clocks do not matter.</summary>
internal sealed class Leases(PostgresStore store)
{
    private readonly Guid _owner = Guid.NewGuid();
    private long _renewAt;

    /// <summary>Takes those of these that nobody has, or that run out.</summary>
    public async Task<HashSet<string>> TakeAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var taken = await store.WriteAsync(
            async connection =>
            {
                // In one order, because servers that take several at once would otherwise wait for each other.
                await using var command = new NpgsqlCommand(
                    """
                    insert into statusmonitor.leases as l (name, owner, until)
                    select name, $2, clock_timestamp() + $3 from unnest($1) name order by name
                    on conflict (name) do update set owner = excluded.owner, until = excluded.until where l.owner = excluded.owner or l.until <= clock_timestamp()
                    returning name
                    """,
                    connection) { Parameters = { new() { Value = names.ToArray() }, new() { Value = _owner }, new() { Value = store.Options.LeaseTime } } };
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var found = new HashSet<string>();
                while (await reader.ReadAsync(cancellationToken)) found.Add(reader.GetString(0));
                return found;
            },
            cancellationToken);
        _renewAt = Environment.TickCount64 + (long)store.Options.LeaseTime.TotalMilliseconds / 3;
        return taken;
    }

    /// <summary>Takes them for longer if it is time to; what is lost by now is taken out.</summary>
    public async Task RenewAsync(HashSet<string> taken, CancellationToken cancellationToken)
    {
        if (Environment.TickCount64 >= _renewAt) taken.IntersectWith(await TakeAsync(taken, cancellationToken));
    }

    /// <summary>Lets others have them.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("delete from statusmonitor.leases where owner = $1 and name = any($2)", connection) { Parameters = { new() { Value = _owner }, new() { Value = names.ToArray() } } };
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>A row if the lease is still ours; and as long as the transaction lasts nobody else can get it.</summary>
    public NpgsqlBatchCommand Hold(string name) => new("select 1 from statusmonitor.leases where name = $1 and owner = $2 and until > clock_timestamp() for share")
    {
        Parameters = { new() { Value = name }, new() { Value = _owner } },
    };
}
