using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Silo;

/// <summary>Everything in PostgreSQL.</summary>
public static class PostgresHosting
{
    /// <summary>
    /// Has grain state, reminders, samples, their history, incidents and the audit log kept in PostgreSQL (<see cref="PostgresOptions"/>). In the data folder there is
    /// then no database, but it is still one server's alone.
    /// </summary>
    public static IHostApplicationBuilder AddPostgres(this IHostApplicationBuilder builder, string dataFolder)
    {
        builder.Services.AddSingleton(_ => new ServerFolder(dataFolder));
        builder.Services.AddSingleton<PostgresStore>();
        builder.Services.AddSingleton<PostgresSecrets>();
        builder.Services.AddSingleton<IStoreState>(services => services.GetRequiredService<PostgresStore>());
        builder.Services.AddSingleton<DatabaseSpace>();
        // The disk of the data folder, where there is next to nothing, matters only if no limit is set.
        builder.Services.AddSingleton<IStorageSpace>(services => services.GetRequiredService<IOptions<PostgresOptions>>().Value.MaxDatabaseBytes > 0
            ? services.GetRequiredService<DatabaseSpace>()
            : SiloHosting.DiskOfDataFolder(services));
        builder.Services.AddSingleton<PostgresSampleJournal>();
        builder.Services.AddSingleton<ISampleJournal>(services => services.GetRequiredService<PostgresSampleJournal>());
        builder.Services.AddSingleton<IWriteQueue>(services => services.GetRequiredService<PostgresSampleJournal>());
        builder.Services.AddSingleton<IHistory, PostgresHistory>();
        builder.Services.AddSingleton<IHistoryUpkeep, PostgresHistoryUpkeep>();
        builder.Services.AddSingleton<IAuditLog, PostgresAuditLog>();
        builder.Services.AddSingleton<IAlertStore, PostgresAlertStore>();
        builder.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, _) => new PostgresGrainStorage(services.GetRequiredService<PostgresStore>()));
        builder.Services.AddSingleton<IReminderTable, PostgresReminderTable>();
        return builder;
    }
}
