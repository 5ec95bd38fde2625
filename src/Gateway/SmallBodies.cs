using Microsoft.AspNetCore.Mvc;

namespace StatusMonitor.Gateway;

/// <summary>Everything but reports is small: a body that is not is refused before it is read.</summary>
internal static class SmallBodies
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>Refuses bodies over <see cref="MaxBytes"/> with 413.</summary>
    public static TBuilder WithSmallBodies<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new RequestSizeLimitAttribute(MaxBytes));
}
