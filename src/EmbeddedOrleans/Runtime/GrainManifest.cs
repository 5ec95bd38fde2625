using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>The grain classes of the application's assemblies, and which of them answers for an interface.</summary>
internal sealed class GrainManifest
{
    private readonly ConcurrentDictionary<(Type, string?), GrainClass> _byInterface = new();
    private readonly Dictionary<GrainType, GrainClass> _byGrainType = [];

    public GrainManifest(GrainCollectionOptions collection)
    {
        foreach (var type in ApplicationAssemblies().SelectMany(TypesOf).Where(IsGrainClass))
        {
            var grainClass = new GrainClass(type, collection);
            if (!_byGrainType.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{type} and {_byGrainType[grainClass.GrainType].Type} are both named \"{grainClass.GrainType}\"; give one of them a [GrainType].");
            }
        }
    }

    public GrainClass ClassOf(GrainType type) => _byGrainType.TryGetValue(type, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"Could not find an implementation for the grain type \"{type}\".");

    public GrainClass ClassFor(Type grainInterface, string? classNamePrefix)
        => _byInterface.GetOrAdd((grainInterface, classNamePrefix), Choose);

    private GrainClass Choose((Type Interface, string? Prefix) key)
    {
        var candidates = _byGrainType.Values
            .Where(candidate => key.Interface.IsAssignableFrom(candidate.Type))
            .Where(candidate => key.Prefix is null || candidate.Type.FullName!.StartsWith(key.Prefix, StringComparison.Ordinal)
                || candidate.GrainType.ToString().StartsWith(key.Prefix, StringComparison.Ordinal))
            .ToList();
        if (candidates.Count == 1) return candidates[0];

        var byConvention = GrainClass.NameByConvention(key.Interface.Name.TrimStart('I'));
        return candidates.Find(candidate => candidate.GrainType.ToString() == byConvention) ?? throw new ArgumentException(
            candidates.Count == 0
                ? $"Could not find an implementation for interface {key.Interface}."
                : $"Unable to choose one of {string.Join(", ", candidates.Select(candidate => candidate.Type))} for interface {key.Interface}.");
    }

    private static bool IsGrainClass(Type type) => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type) && typeof(IGrainBase).IsAssignableFrom(type);

    /// <summary>What is loaded and refers to this engine, and what those refer to; a grain assembly may not be loaded before its first use.</summary>
    private static IEnumerable<Assembly> ApplicationAssemblies()
    {
        var engine = typeof(GrainManifest).Assembly.GetName().Name;
        var seen = new HashSet<string>();
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
        while (open.TryDequeue(out var assembly))
        {
            if (!seen.Add(assembly.FullName!)) continue;

            var references = assembly.GetReferencedAssemblies();
            if (!Array.Exists(references, reference => reference.Name == engine)) continue;

            yield return assembly;
            foreach (var reference in references)
            {
                if (!seen.Contains(reference.FullName) && !IsFramework(reference.Name!) && TryLoad(reference) is { } loaded) open.Enqueue(loaded);
            }
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            // A library that is only needed for what this application does not use.
            return null;
        }
    }

    private static bool IsFramework(string name) => name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "System" or "netstandard" or "mscorlib";

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            // Some type refers to a library that is not here; the others are still grains.
            return partly.Types.OfType<Type>();
        }
    }
}
