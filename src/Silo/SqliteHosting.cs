using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Silo;

/// <summary>Everything in one SQLite database.</summary>
public static class SqliteHosting
{
    /// <summary>Has grain state, reminders, samples, their history, incidents and the audit log kept in SQLite, in the data folder (<see cref="SqliteOptions"/>).</summary>
    public static IHostApplicationBuilder AddSqlite(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SqliteStore>();
        builder.Services.AddSingleton<IStoreState>(services => services.GetRequiredService<SqliteStore>());
        builder.Services.AddSingleton(services => services.GetRequiredService<SqliteStore>().Folder);
        builder.Services.AddSingleton<SqliteSampleJournal>();
        builder.Services.AddSingleton<ISampleJournal>(services => services.GetRequiredService<SqliteSampleJournal>());
        builder.Services.AddSingleton<IWriteQueue>(services => services.GetRequiredService<SqliteSampleJournal>());
        builder.Services.AddSingleton<IHistory, SqliteHistory>();
        builder.Services.AddSingleton<IHistoryUpkeep, SqliteHistoryUpkeep>();
        builder.Services.AddSingleton<IAuditLog, SqliteAuditLog>();
        builder.Services.AddSingleton<IAlertStore, SqliteAlertStore>();
        builder.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, _) => new SqliteGrainStorage(services.GetRequiredService<SqliteStore>()));
        builder.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return builder;
    }
}
