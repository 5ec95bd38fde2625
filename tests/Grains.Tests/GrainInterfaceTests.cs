using System.Collections.Immutable;
using System.Reflection;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests;

/// <summary>What every grain interface must keep to, so that the two engines cannot tell different stories.</summary>
public sealed class GrainInterfaceTests
{
    private static readonly Assembly Grains = typeof(IHostGrain).Assembly;

    private static readonly Type[] Interfaces = [.. Grains.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))];

    private static readonly Type[] Serialized = [.. Grains.GetTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)];

    [Fact]
    public void AllInterfaces_AreLookedAt()
    {
        Assert.Contains(typeof(IHostGrain), Interfaces);
        Assert.True(Interfaces.Length >= 4, "Too few grain interfaces were found to be all.");
    }

    [Fact]
    public void EveryParameterAndResult_CannotBeChanged()
    {
        var problems = Interfaces.SelectMany(type => type.GetMethods()).SelectMany(method =>
            method.GetParameters().Select(parameter => (parameter.ParameterType, Name: $"parameter {parameter.Name}")).Append((method.ReturnType, Name: "result"))
                .SelectMany(part => Immutability.Problems(Result(part.Item1)).Select(problem => $"{method.DeclaringType!.Name}.{method.Name}, {part.Name}: {problem}")));

        Assert.Empty(problems);
    }

    [Fact]
    public void EveryMethod_IsAsynchronous() =>
        Assert.All(Interfaces.SelectMany(type => type.GetMethods()), method => Assert.True(
            method.ReturnType == typeof(Task) || method.ReturnType == typeof(ValueTask) || Result(method.ReturnType) != method.ReturnType, $"{method.DeclaringType!.Name}.{method.Name}"));

    [Fact]
    public void EveryInterfaceAndMethod_HasAnAlias_OfItsOwn()
    {
        foreach (var type in Interfaces)
        {
            Assert.True(type.GetCustomAttributes<AliasAttribute>().Any(), $"{type.Name} has no [Alias].");
            Assert.All(type.GetMethods(), method => Assert.True(method.GetCustomAttributes<AliasAttribute>().Any(), $"{type.Name}.{method.Name} has no [Alias]."));
            AssertUnique(type.GetMethods().Select(Alias));
        }

        AssertUnique(Interfaces.Concat(Serialized).Select(Alias));
    }

    [Fact]
    public void EverySerializedType_HasAnAlias_AndIdsOfItsOwn()
    {
        Assert.NotEmpty(Serialized);
        foreach (var type in Serialized)
        {
            Assert.True(type.GetCustomAttributes<AliasAttribute>().Any(), $"{type.Name} has no [Alias].");
            var ids = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.GetCustomAttribute<IdAttribute>()?.Id).Where(id => id is not null).ToList();
            Assert.True(ids.Count > 0 || type.IsAbstract, $"{type.Name} has no [Id].");
            Assert.Equal(ids.Distinct(), ids);
        }
    }

    /// <summary>The guard guards: each of these would let two grains share what one of them changes.</summary>
    [Theory]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(List<int>))]
    [InlineData(typeof(Dictionary<long, string>))]
    [InlineData(typeof(IReadOnlyList<int>))]
    [InlineData(typeof(object))]
    [InlineData(typeof(ImmutableArray<int[]>))]
    [InlineData(typeof((int, List<int>)))]
    [InlineData(typeof(HostState))]
    [InlineData(typeof(Settable))]
    [InlineData(typeof(WithArray))]
    [InlineData(typeof(TwiceTheSameId))]
    [InlineData(typeof(WithoutId))]
    public void WhatCanBeChanged_IsFound(Type type) => Assert.NotEmpty(Immutability.Problems(type));

    [Theory]
    [InlineData(typeof(int?))]
    [InlineData(typeof(ImmutableArray<ImmutableArray<double>>))]
    [InlineData(typeof((long, string)))]
    [InlineData(typeof(HostStatus))]
    [InlineData(typeof(HostSnapshot))]
    public void WhatCannotBeChanged_IsLetThrough(Type type) => Assert.Empty(Immutability.Problems(type));

    private static Type Result(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) ? typeof(int)
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)) ? type.GetGenericArguments()[0]
        : type;

    private static string Alias(MemberInfo member) => member.GetCustomAttributes<AliasAttribute>().First().Alias;

    private static void AssertUnique(IEnumerable<string> aliases) => Assert.Empty(aliases.GroupBy(alias => alias).Where(group => group.Count() > 1).Select(group => group.Key));

    [GenerateSerializer, Immutable, Alias("test.Settable")]
    public sealed record Settable
    {
        [Id(0)]
        public int Value { get; set; }
    }

    [GenerateSerializer, Immutable, Alias("test.WithArray")]
    public sealed record WithArray([property: Id(0)] int[] Values);

    [GenerateSerializer, Immutable, Alias("test.WithoutId")]
    public sealed record WithoutId(int Value);

    // Orleans' own analyser finds it too, which is the point of having it here.
#pragma warning disable ORLEANS0012
    [GenerateSerializer, Immutable, Alias("test.TwiceTheSameId")]
    public sealed record TwiceTheSameId
    {
        [Id(0)]
        public int A { get; init; }

        [Id(0)]
        public int B { get; init; }
    }
#pragma warning restore ORLEANS0012
}
