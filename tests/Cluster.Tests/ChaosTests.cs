using System.Globalization;
using StatusMonitor.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace StatusMonitor.Cluster.Tests;

/// <summary>What may happen to a cluster, while hosts report and their alerts fire and clear. Nothing that was acknowledged may be lost or doubled, and each change is told once.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    /// <summary>How soon reports have to be taken again from all hosts after a silo or a gateway has died.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [LongClusterFact]
    public Task KilledGateway_IsMadeUpForByTheOthers() => RunAsync("killed_gateway", async cluster =>
    {
        await cluster.KillGatewayAsync(0);
        Assert.True(cluster.Recoveries.Single().Took <= Longest, $"It took {cluster.Recoveries.Single().Took}.");
    });

    /// <summary>What it holds is old when it goes on, and may not be written.</summary>
    [LongClusterFact]
    public Task SiloThatWasFrozen_WritesNothingOfTheOld() => RunAsync("frozen_silo", async cluster =>
    {
        await cluster.FreezeSiloAsync(0, TimeSpan.FromSeconds(30));
        Assert.True(cluster.Recoveries.Single().Took <= 2 * Longest, $"It took {cluster.Recoveries.Single().Took}.");
    });

    [LongClusterFact]
    public Task DatabaseThatIsAway_IsWaitedFor() => RunAsync("database_away", cluster => cluster.TakeDatabaseAwayAsync(TimeSpan.FromSeconds(30)));

    /// <summary>The others cannot even note that the silo is dead before the database is back.</summary>
    [LongClusterFact]
    public Task SiloAndDatabaseLostAtOnce_AreMadeUpForOnceTheDatabaseIsBack() => RunAsync("silo_and_database", async cluster =>
    {
        await cluster.Processes.Silos[0].KillAsync();
        await cluster.TakeDatabaseAwayAsync(TimeSpan.FromSeconds(30));
        await cluster.Processes.RestartSiloAsync(0);
        Assert.True(cluster.Recoveries.Single().Took <= 2 * Longest, $"It took {cluster.Recoveries.Single().Took}.");
    });

    [LongClusterFact]
    public Task AllRestartedInTurn_NoReportIsRefusedForGood_AndNobodyIsOffline() => RunAsync("rolling_restart", async cluster =>
    {
        await cluster.RestartAllAsync();
        Assert.All(cluster.Recoveries, recovery => Assert.True(recovery.Took <= 2 * Longest, $"When {recovery.What} it took {recovery.Took}."));
    }, isNobodyOffline: true);

    /// <summary>Silos without a database cannot tell anybody that they end, and end all the same.</summary>
    [LongClusterFact]
    public async Task SilosWithoutADatabase_EndWhenTheyAreTold()
    {
        await using var cluster = await LoadedCluster.StartAsync("no_goodbye", Seed, output);
        cluster.Postgres.Kill();
        var began = TimeProvider.System.GetTimestamp();
        foreach (var silo in cluster.Processes.Silos) silo.Terminate();
        foreach (var silo in cluster.Processes.Silos) await silo.EndAsync();
        var took = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"it took {took.TotalSeconds:0.0} s"));
        Assert.True(took < TimeSpan.FromSeconds(30), $"It took {took}.");
    }

    /// <summary>All of it in the order of a fixed seed, for as long as is asked for.</summary>
    [LongClusterFact]
    public Task WhateverHappens_NothingIsLostOrDoubled() => RunAsync("chaos", async cluster =>
    {
        var schedule = new Random(Seed);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < LongClusterFactAttribute.Length)
        {
            var member = schedule.Next(2);
            var (what, happen) = schedule.Next(8) switch
            {
                0 or 1 or 2 => ("kills of a silo", cluster.KillSiloAsync(member)),
                3 or 4 => ("kills of a gateway", cluster.KillGatewayAsync(member)),
                5 => ("freezes of a silo", cluster.FreezeSiloAsync(member, TimeSpan.FromSeconds(30))),
                6 => ("times without the database", cluster.TakeDatabaseAwayAsync(TimeSpan.FromSeconds(schedule.Next(1, 60)))),
                _ => ("restarts of all in turn", cluster.RestartAllAsync()),
            };
            await happen;
            counts[what] = counts.GetValueOrDefault(what) + 1;
        }

        output.WriteLine(string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}")));
    }, length: LongClusterFactAttribute.Length);

    private async Task RunAsync(string name, Func<LoadedCluster, Task> happen, bool isNobodyOffline = false, TimeSpan? length = null)
    {
        await using var cluster = await LoadedCluster.StartAsync(name, Seed, output, length);
        await happen(cluster);
        await cluster.VerifyAsync(isNobodyOffline);
    }
}
