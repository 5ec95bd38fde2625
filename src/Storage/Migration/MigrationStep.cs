namespace StatusMonitor.Storage.Migration;

/// <summary>How far the move is; said after each transaction.</summary>
/// <param name="Table">What is being moved or compared.</param>
/// <param name="Done">How much of it is.</param>
/// <param name="Total">How much there is.</param>
public sealed record MigrationStep(string Table, long Done, long Total);

/// <summary>How much there is of something on both sides.</summary>
/// <param name="What">Rows of a table, or what both keep in other ways.</param>
/// <param name="Sqlite">In the data folder.</param>
/// <param name="Postgres">In PostgreSQL.</param>
public sealed record MigrationCount(string What, long Sqlite, long Postgres);

/// <summary>What was moved.</summary>
/// <param name="Counts">Everything, counted on both sides.</param>
/// <param name="Rows">Rows of SQLite that this run has taken over.</param>
/// <param name="Values">Values in the history, of all runs.</param>
/// <param name="Damaged">Pieces of the history that nobody can read any more; they were left out.</param>
/// <param name="IsResumed">Whether an earlier run had begun.</param>
/// <param name="Copying">How long this run has copied.</param>
/// <param name="Checking">How long it has counted.</param>
public sealed record MigrationSummary(IReadOnlyList<MigrationCount> Counts, long Rows, long Values, long Damaged, bool IsResumed, TimeSpan Copying, TimeSpan Checking);
