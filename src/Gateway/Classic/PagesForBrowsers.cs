using Microsoft.AspNetCore.Routing.Matching;

namespace StatusMonitor.Gateway.Classic;

/// <summary>
/// Some paths are both the older StatusMonitor's and pages of the dashboard. A browser that goes there gets the page, and a program the classic answer. This is
/// decided while routing, because the page is for everybody and the answer is not.
/// </summary>
internal sealed class PagesForBrowsers(DashboardFiles dashboard) : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsForPrograms);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        if (dashboard.Find(httpContext.Request) is null) return Task.CompletedTask;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (IsForPrograms(candidates[i].Endpoint)) candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }

    private static bool IsForPrograms(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ProgramsOnly>() is not null;

    internal sealed class ProgramsOnly
    {
        public static ProgramsOnly Mark { get; } = new();
    }
}

internal static class ClassicPages
{
    /// <summary>A browser that asks for a page gets the dashboard instead of this endpoint.</summary>
    public static TBuilder ForPrograms<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(PagesForBrowsers.ProgramsOnly.Mark);
}
