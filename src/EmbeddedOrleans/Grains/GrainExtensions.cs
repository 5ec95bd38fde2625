using Orleans.Runtime;

namespace Orleans;

/// <summary>Reads the identity of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to this grain through an interface, to hand to others.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => (TGrainInterface)(object)reference.Silo.Refer(typeof(TGrainInterface), reference.GrainId),
            IGrainBase { GrainContext: Activation activation } => (TGrainInterface)(object)activation.Silo.Refer(typeof(TGrainInterface), activation.GrainId),
            _ => throw NotAGrain(grain),
        };
    }

    /// <inheritdoc cref="AsReference{TGrainInterface}"/>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>The identity: type and key.</summary>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: { } context } => context.GrainId,
            _ => throw NotAGrain(grain),
        };
    }

    /// <summary>The key of a grain whose key is a number.</summary>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var grainId = grain.GetGrainId();
        return grainId.TryGetIntegerKey(out var key, out _)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {grainId}");
    }

    /// <summary>The key of a grain whose key is a <see cref="Guid"/>.</summary>
    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        var grainId = grain.GetGrainId();
        return grainId.TryGetGuidKey(out var key, out _)
            ? key
            : throw new InvalidOperationException($"Unable to extract GUID key from grain id {grainId}");
    }

    /// <summary>The key as text.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    private static ArgumentException NotAGrain(IAddressable grain) => new(
        $"{grain.GetType().FullName} is neither a grain that a silo activated nor a reference to one.", nameof(grain));
}
