using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>
/// Nobody sees another's host: random people do random things with random hosts, and after each step everything that anybody gets, over REST, from the hub, and of
/// itself on a live connection, is what a rule of a few lines says.
/// </summary>
public sealed class NobodySeesAnothersHostTests
{
    private const int Cases = 5;
    private const int MaxSteps = 12;

    private static readonly Gen<Step> Steps =
        from kind in Gen.Frequency(
            (3, Gen.Constant(StepKind.AddHost)),
            (4, Gen.Constant(StepKind.Share)),
            (3, Gen.Constant(StepKind.Unshare)),
            (1, Gen.Constant(StepKind.GiveUp)),
            (1, Gen.Constant(StepKind.Transfer)),
            (1, Gen.Constant(StepKind.DeleteHost)),
            (1, Gen.Constant(StepKind.SetRole)),
            (1, Gen.Constant(StepKind.Disable)))
        from person in Gen.Choose(0, People.Count - 1)
        from other in Gen.Choose(0, People.Count - 1)
        from host in Gen.Choose(0, 100)
        from isFull in Gen.Elements(true, false)
        select new Step(kind, person, other, host, isFull);

    [Fact]
    public void WhateverPeopleDo_EverybodySeesTheirOwnAndWhatIsSharedWithThem() =>
        Prop.ForAll(Gen.ArrayOf(Steps, MaxSteps).ToArbitrary(), Run).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

    /// <summary>The property is not asynchronous; it is run on threads of the pool.</summary>
    private static void Run(Step[] steps) => Task.Run(async () =>
    {
        await using var server = await RunningServer.StartAsync(services: services => services.Configure<HostOptions>(options => options.SummaryInterval = TimeSpan.Zero));
        await using (var people = await People.StartAsync(server))
        {
            foreach (var step in steps) await people.DoAsync(step);
        }

        Assert.Empty(server.Errors.All);
    }).GetAwaiter().GetResult();
}
