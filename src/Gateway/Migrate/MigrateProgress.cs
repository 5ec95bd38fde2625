using System.Globalization;
using Spectre.Console;
using StatusMonitor.Storage.Migration;

namespace StatusMonitor.Gateway.Migrate;

/// <summary>Shows how far a move is: as bars in a terminal, else as lines.</summary>
internal static class MigrateProgress
{
    /// <summary>Least time between two lines of one table.</summary>
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(2);

    public static Task<T> ShowAsync<T>(Func<Action<MigrationStep>, Task<T>> run) =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? run(Lines()) : ShowBarsAsync(run);

    private static Task<T> ShowBarsAsync<T>(Func<Action<MigrationStep>, Task<T>> run) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(progress =>
        {
            var bars = new Dictionary<string, ProgressTask>();
            return run(step =>
            {
                if (!bars.TryGetValue(step.Table, out var bar)) bars.Add(step.Table, bar = progress.AddTask(step.Table));

                // A table without rows is done.
                (bar.MaxValue, bar.Value) = (Math.Max(1, step.Total), step.Total == 0 ? 1 : step.Done);
            });
        });

    /// <summary>The first and the last of each table, and what is between them now and then.</summary>
    private static Action<MigrationStep> Lines()
    {
        var (table, said) = ("", 0L);
        return step =>
        {
            var isEnd = step.Done >= step.Total;
            if (step.Table == table && !isEnd && TimeProvider.System.GetElapsedTime(said) < LineEvery) return;
            if (step.Table == table && isEnd && said == long.MaxValue) return;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Table}: {step.Done:N0} of {step.Total:N0}"));
            (table, said) = (step.Table, isEnd ? long.MaxValue : TimeProvider.System.GetTimestamp());
        };
    }
}
