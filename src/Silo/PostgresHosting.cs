using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Silo;

/// <summary>PostgreSQL for what grows with the fleet.</summary>
public static class PostgresHosting
{
    /// <summary>
    /// Has samples, their history, incidents and the audit log kept in PostgreSQL (<see cref="PostgresOptions"/>) in place of SQLite. What the engine keeps of the
    /// grains stays where it is. Comes after the silo, whose stores it replaces.
    /// </summary>
    public static IHostApplicationBuilder AddPostgres(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PostgresStore>();
        builder.Services.AddSingleton<IStoreState>(services => services.GetRequiredService<PostgresStore>());
        builder.Services.AddSingleton<ISampleJournal, PostgresSampleJournal>();
        builder.Services.AddSingleton<IHistory, PostgresHistory>();
        builder.Services.AddSingleton<IHistoryUpkeep, PostgresHistoryUpkeep>();
        builder.Services.AddSingleton<IAuditLog, PostgresAuditLog>();
        builder.Services.AddSingleton<IAlertStore, PostgresAlertStore>();
        return builder;
    }
}
