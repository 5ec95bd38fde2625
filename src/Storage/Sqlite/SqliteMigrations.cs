using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Brings a database to the schema of this program: numbered scripts, each applied once, in order.</summary>
internal static class SqliteMigrations
{
    private const string Prefix = "StatusMonitor.Storage.Sqlite.Migrations.";

    /// <summary>The schema of this program.</summary>
    public static int Newest => Scripts()[^1].Number;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StorageFailedException">The database was made by a newer program.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var scripts = Scripts();
        var current = Version(connection);
        if (current > scripts[^1].Number)
        {
            throw new StorageFailedException(
                $"The database has schema {current}, made by a newer StatusMonitor; this one knows schema {scripts[^1].Number}. Start the newer version, or use another data folder.");
        }

        foreach (var (number, sql) in scripts.Where(script => script.Number > current))
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"{sql}\npragma user_version = {number};");
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return (long)command.ExecuteScalar()!;
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
