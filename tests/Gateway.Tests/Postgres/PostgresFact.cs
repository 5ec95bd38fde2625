using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Postgres;

/// <summary>A test with a PostgreSQL of its own; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresCluster.Missing!;
}
