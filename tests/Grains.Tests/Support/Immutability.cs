using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>
/// What may cross between grains: values that nobody can change afterwards. The embedded engine passes messages as they are, and Orleans
/// does not copy what is marked immutable; a message that can be changed would be shared by two grains.
/// </summary>
internal static class Immutability
{
    private static readonly HashSet<Type> Values =
    [
        typeof(string), typeof(decimal), typeof(DateTimeOffset), typeof(DateTime), typeof(TimeSpan), typeof(TimeOnly), typeof(Guid),
    ];

    /// <summary>Everything that is wrong with a type as a parameter or result, each with the way to it.</summary>
    public static IEnumerable<string> Problems(Type type) => Problems(type, type.Name, []);

    private static IEnumerable<string> Problems(Type type, string path, HashSet<Type> seen)
    {
        if (type.IsPrimitive || type.IsEnum || Values.Contains(type) || !seen.Add(type)) return [];
        // A reference to what is called: it is the same for everybody.
        if (type.IsInterface && type.IsAssignableTo(typeof(IAddressable))) return [];
        if (type.IsArray || type.IsByRef || type.IsPointer) return [$"{path} is {type}"];
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition)
        {
            if (definition == typeof(ImmutableArray<>) || definition == typeof(ImmutableDictionary<,>) || definition == typeof(KeyValuePair<,>) || definition == typeof(Nullable<>) || type.IsAssignableTo(typeof(ITuple)) && type.IsValueType)
            {
                return type.GetGenericArguments().SelectMany(argument => Problems(argument, $"{path}<{argument.Name}>", seen));
            }
        }

        if (type.Assembly != typeof(IHostGrain).Assembly && type.GetCustomAttribute<ImmutableAttribute>() is null) return [$"{path} is {type}, which is not known to be immutable"];
        return OwnProblems(type, path, seen);
    }

    private static List<string> OwnProblems(Type type, string path, HashSet<Type> seen)
    {
        var problems = new List<string>();
        if (type.GetCustomAttribute<ImmutableAttribute>() is null) problems.Add($"{path} is not marked [Immutable]");
        if (type.GetCustomAttribute<GenerateSerializerAttribute>() is null) problems.Add($"{path} has no [GenerateSerializer]");
        if (!type.GetCustomAttributes<AliasAttribute>().Any()) problems.Add($"{path} has no [Alias]");
        if (type.IsAbstract) problems.AddRange(type.Assembly.GetTypes().Where(other => other.BaseType == type).SelectMany(other => Problems(other, $"{path}: {other.Name}", seen)));
        else if (type is { IsValueType: false, IsSealed: false }) problems.Add($"{path} is not sealed: a descendant could be changed");

        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !field.IsInitOnly)) problems.Add($"{path}.{field.Name} is a field that can be set");

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0).ToArray();
        foreach (var property in properties)
        {
            if (property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            {
                problems.Add($"{path}.{property.Name} can be set");
            }

            problems.AddRange(Problems(property.PropertyType, $"{path}.{property.Name}", seen));
            if (property.GetCustomAttribute<IdAttribute>() is null && IsStored(type, property)) problems.Add($"{path}.{property.Name} has no [Id]");
        }

        problems.AddRange(properties.Select(property => property.GetCustomAttribute<IdAttribute>()?.Id).Where(id => id is not null)
            .GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"{path} uses the id {group.Key} twice"));
        return problems;
    }

    /// <summary>A property that is computed from others need not cross the wire.</summary>
    private static bool IsStored(Type type, PropertyInfo property) =>
        type.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
}
