using StatusMonitor.Storage.Tests.History;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresHistoryTests() : HistorySuite(() => new PostgresPlace(nameof(PostgresHistoryTests), HistoryRows.Time(HistoryRows.Start + 4 * HistoryRows.Hour)));

/// <summary>What comes days late has no partition of its own.</summary>
[NeedsPostgres]
public sealed class PostgresHistoryOfLateRowsTests() : HistorySuite(() => new PostgresPlace(nameof(PostgresHistoryOfLateRowsTests), HistoryRows.Time(HistoryRows.Start + 400 * HistoryRows.Hour)));

[NeedsPostgres]
public sealed class PostgresAnyHistoryTests() : AnyHistorySuite(() => new PostgresPlace(nameof(PostgresAnyHistoryTests), HistoryRows.Time(HistoryRows.Start + 2 * HistoryRows.Hour)));

[NeedsPostgres]
public sealed class PostgresJournalTests() : JournalSuite(() => new PostgresPlace(nameof(PostgresJournalTests), HistoryRows.Time(HistoryRows.Start)));
