using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A class of grains: its name in identities, what its attributes say, and how to make one.</summary>
internal sealed class GrainClass
{
    /// <summary>Of objects that are no grains, and of none other: a class of grains cannot have this name.</summary>
    private static readonly GrainType Observer = GrainType.Create("$observer");

    private readonly ConstructorInvoker? _constructor;
    private readonly Func<Activation, object?>[] _arguments = [];
    private readonly IGrainObserver? _observer;

    public GrainClass(Type type, GrainCollectionOptions collection)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? NameByConvention(type.Name));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);

        var age = type.IsDefined(typeof(KeepAliveAttribute), inherit: true) ? TimeSpan.MaxValue
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit
            ?? (collection.ClassSpecificCollectionAge.TryGetValue(type.FullName!, out var specific) ? specific : collection.CollectionAge);
        CollectionAge = (long)age.TotalMilliseconds;

        var constructor = ChooseConstructor(type);
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = Array.ConvertAll(constructor.GetParameters(), Resolver);
    }

    /// <summary>The class of one object that is called as grains are, and was there before its activation.</summary>
    public GrainClass(IGrainObserver observer)
    {
        _observer = observer;
        Type = observer.GetType();
        GrainType = Observer;
        CollectionAge = (long)TimeSpan.MaxValue.TotalMilliseconds;
    }

    public Type Type { get; }

    public bool IsObserver => _observer is not null;

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>In milliseconds.</summary>
    public long CollectionAge { get; }

    /// <summary>A new identity for an object that is no grain.</summary>
    public static GrainId NewObserverId() => new(Observer, GrainIdKeyExtensions.CreateGuidKey(Guid.NewGuid()));

    public static bool IsOfObserver(GrainId id) => id.Type == Observer;

    /// <summary>A class <c>HostGrain</c>, and an interface <c>IHostGrain</c> without its first letter, are both "host".</summary>
    public static string NameByConvention(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower.Length > 5 && lower.EndsWith("grain", StringComparison.Ordinal) ? lower[..^5] : lower;
    }

    /// <summary>Makes the grain object, in a turn of its activation; the states have yet to be loaded.</summary>
    public object Create(Activation activation, out IReadOnlyList<IActivationState> states)
    {
        states = [];
        if (_observer is not null) return _observer;

        List<IActivationState>? found = null;
        var arguments = new object?[_arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _arguments[i](activation);
            if (arguments[i] is IActivationState state) (found ??= []).Add(state);
        }

        if (found is not null) states = found;
        try
        {
            return _constructor!.Invoke(arguments.AsSpan());
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    private static ConstructorInfo ChooseConstructor(Type type)
    {
        var constructors = type.GetConstructors();
        return Array.Find(constructors, constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"The grain class {type} has no public constructor.");
    }

    private static Func<Activation, object?> Resolver(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            {
                throw new OrleansConfigurationException($"{parameter.Member.DeclaringType}: [PersistentState] is for parameters of type IPersistentState<T>, not {type}.");
            }

            var create = typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments())
                .GetMethod(nameof(PersistentState<>.Create))!.CreateDelegate<Func<Activation, PersistentStateAttribute, object>>();
            return activation => create(activation, state);
        }

        if (type == typeof(IGrainContext)) return static activation => activation;

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }
}
