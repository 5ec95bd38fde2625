using System.Globalization;
using System.Reflection;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Brings a database to the schema of this program: numbered scripts, each applied once, in order, by one server at a time.</summary>
internal static class PostgresMigrations
{
    private const string Prefix = "StatusMonitor.Storage.Postgres.Migrations.";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StorageFailedException">The database was made by a newer program, or cannot hold ours.</exception>
    public static void Apply(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < 15)
        {
            throw new StorageFailedException($"The database is PostgreSQL {connection.PostgreSqlVersion}; StatusMonitor needs 15 or later.");
        }

        if (Scalar<string>(connection, null, "show server_encoding") is var encoding and not "UTF8")
        {
            throw new StorageFailedException($"The database's encoding is {encoding}, which cannot hold every name; make one with UTF8.");
        }

        var scripts = Scripts();
        foreach (var (number, sql) in scripts)
        {
            using var transaction = connection.BeginTransaction();
            // Of servers that start at once, the first does it and the others find it done.
            Execute(connection, transaction, $"select pg_advisory_xact_lock({AdvisoryLocks.Migrations})");
            var current = Version(connection, transaction);
            if (current > scripts[^1].Number)
            {
                throw new StorageFailedException(
                    $"The database has schema {current}, made by a newer StatusMonitor; this one knows schema {scripts[^1].Number}. Start the newer version, or use another database.");
            }

            if (current >= number) continue;
            Execute(connection, transaction, sql);
            Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"update statusmonitor.schema_version set version = {number}"));
            transaction.Commit();
        }
    }

    /// <summary>The schema the database has; one that has none gets the place where it is noted.</summary>
    private static int Version(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        if (Scalar<bool>(connection, transaction, "select to_regclass('statusmonitor.schema_version') is null"))
        {
            Execute(connection, transaction, """
                create schema if not exists statusmonitor;
                create table statusmonitor.schema_version (version integer not null);
                insert into statusmonitor.schema_version values (0);
                """);
        }

        return Scalar<int>(connection, transaction, "select version from statusmonitor.schema_version");
    }

    private static void Execute(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql)
    {
        // Moving a large history may take minutes, for which other servers wait.
        using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    private static T Scalar<T>(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection, transaction);
        return (T)command.ExecuteScalar()!;
    }

    private static List<(int Number, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
            })];
    }
}

/// <summary>What servers on one database wait for each other by: names of PostgreSQL's advisory locks, which nobody else is likely to use.</summary>
internal static class AdvisoryLocks
{
    public const long Migrations = 0x5374_6174_4D6F_0001;

    public const long Partitions = 0x5374_6174_4D6F_0002;

    public const long AuditOrder = 0x5374_6174_4D6F_0003;

    /// <summary>Shared by what a leader writes, and taken alone by whoever takes over; its number stands in Migrations/0006_fence.sql too.</summary>
    public const long Fence = 0x5374_6174_4D6F_0004;

    /// <summary>Held by the leader as long as its connection lasts.</summary>
    public const long Leader = 0x5374_6174_4D6F_0005;

    /// <summary>Takes the lock of a host ($1) until the transaction ends: its rows are on the way into a chunk, or being deleted.</summary>
    public const string TakeOfHost = "select pg_advisory_xact_lock(1398030673, ($1 % 2147483647)::int)";
}
