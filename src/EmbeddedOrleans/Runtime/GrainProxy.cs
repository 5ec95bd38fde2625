using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Runtime;

/// <summary>
/// Emits, once per grain interface, the class of its references, and per method the class of its calls: fields for
/// the arguments and the typed call of the grain. So a call needs no reflection, no boxing and no closure.
/// </summary>
internal static class GrainProxy
{
    private static readonly ConcurrentDictionary<Type, Lazy<Func<Silo, GrainId, GrainReference>>> Factories = new();
    private static readonly ModuleBuilder Module = DefineModule();
    private static readonly HashSet<string> Opened = [];
    private static readonly Lock Emitting = new();
    private static int _count;

    public static Func<Silo, GrainId, GrainReference> For(Type grainInterface)
        => Factories.GetOrAdd(grainInterface, static type => new(() => Emit(type))).Value;

    private static ModuleBuilder DefineModule()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("StatusMonitor.EmbeddedOrleans.Proxies"), AssemblyBuilderAccess.Run);
        return assembly.DefineDynamicModule("Proxies");
    }

    private static Func<Silo, GrainId, GrainReference> Emit(Type grainInterface)
    {
        if (!grainInterface.IsInterface) throw new ArgumentException($"{grainInterface} is not an interface.");

        lock (Emitting)
        {
            Open(typeof(GrainProxy).Assembly);
            var proxy = Module.DefineType(
                $"{grainInterface.Name}.Reference{_count++}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.Public, typeof(GrainReference));
            EmitConstructor(proxy);

            foreach (var type in grainInterface.GetInterfaces().Prepend(grainInterface))
            {
                Open(type.Assembly);
                proxy.AddInterfaceImplementation(type);
                foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                {
                    // A method with a body of its own runs at the caller, and calls others.
                    if (method.IsAbstract) EmitMethod(proxy, type, method);
                }
            }

            var created = proxy.CreateType();
            var silo = Expression.Parameter(typeof(Silo));
            var grainId = Expression.Parameter(typeof(GrainId));
            return Expression.Lambda<Func<Silo, GrainId, GrainReference>>(
                Expression.New(created.GetConstructor([typeof(Silo), typeof(GrainId)])!, silo, grainId), silo, grainId).Compile();
        }
    }

    private static void EmitConstructor(TypeBuilder proxy)
    {
        Type[] parameters = [typeof(Silo), typeof(GrainId)];
        var il = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, parameters)!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder proxy, Type grainInterface, MethodInfo method)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        if (method.IsGenericMethod || Array.Exists(parameters, type => type.IsByRef) || !TryGetResult(method.ReturnType, out var result))
        {
            throw new NotSupportedException(
                $"{grainInterface.Name}.{method.Name}: a grain method returns Task, Task<T>, ValueTask, ValueTask<T> or void, is not generic and has no ref or out parameters.");
        }

        var call = EmitCall(grainInterface, method, parameters, result);
        var implementation = proxy.DefineMethod(
            $"{grainInterface.Name}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType, parameters);
        var il = implementation.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            il.Emit(OpCodes.Stfld, call.GetField($"arg{i}")!);
        }

        il.Emit(OpCodes.Call, typeof(GrainReference).GetMethod(nameof(GrainReference.Send), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(result));
        if (method.ReturnType == typeof(void)) il.Emit(OpCodes.Pop);
        else if (method.ReturnType.IsValueType)
        {
            var task = method.ReturnType.IsGenericType ? typeof(Task<>).MakeGenericType(result) : typeof(Task);
            il.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([task])!);
        }

        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(implementation, method);
    }

    private static Type EmitCall(Type grainInterface, MethodInfo method, Type[] parameters, Type result)
    {
        Open(result.Assembly);
        foreach (var parameter in parameters) Open(parameter.Assembly);

        var parent = typeof(GrainCall<>).MakeGenericType(result);
        var call = Module.DefineType($"{grainInterface.Name}.{method.Name}{_count++}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.Public, parent);
        var descriptor = call.DefineField("Descriptor", typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        var constructor = call.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, Type.EmptyTypes).GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Ldsfld, descriptor);
        constructor.Emit(OpCodes.Call, parent.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)[0]);
        constructor.Emit(OpCodes.Ret);

        var invoke = call.DefineMethod(nameof(Request.Invoke), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(Task), [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, grainInterface);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, call.DefineField($"arg{i}", parameters[i], FieldAttributes.Public));
        }

        il.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(void)) il.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        else if (method.ReturnType.IsValueType)
        {
            il.Emit(OpCodes.Stloc, il.DeclareLocal(method.ReturnType));
            il.Emit(OpCodes.Ldloca_S, (byte)0);
            il.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }

        il.Emit(OpCodes.Ret);
        var created = call.CreateType();
        created.GetField(descriptor.Name)!.SetValue(null, new GrainMethod(method));
        return created;
    }

    private static bool TryGetResult(Type returned, out Type result)
    {
        var isGeneric = returned.IsGenericType
            && returned.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>));
        result = isGeneric ? returned.GetGenericArguments()[0] : typeof(object);
        return isGeneric || returned == typeof(Task) || returned == typeof(ValueTask) || returned == typeof(void);
    }

    /// <summary>Grain interfaces and their messages may be internal; the runtime lets us in where this attribute names the assembly.</summary>
    private static void Open(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (!Opened.Add(name)) return;

        ((AssemblyBuilder)Module.Assembly).SetCustomAttribute(
            new CustomAttributeBuilder(typeof(System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute).GetConstructors()[0], [name]));
    }
}
