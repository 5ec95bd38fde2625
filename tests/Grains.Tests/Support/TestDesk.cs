using System.Collections.Immutable;
using System.Reflection;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>Stands for the desks of all accounts: keeps what hosts hand over, each once, in the order it came. It outlives restarts of the server.</summary>
internal sealed class TestDesk
{
    private readonly Lock _lock = new();
    private readonly List<AlertTransition> _told = [];
    private readonly List<long> _deleted = [];

    public TestDesk() => Store = Answering.For<IAlertStore>((method, arguments) => method.Name == nameof(IAlertStore.DeleteHostAsync) ? DeleteHost((long)arguments[0]!) : throw new NotSupportedException(method.Name));

    /// <summary>What taking something throws, or null.</summary>
    public Func<Exception>? Fault { get; set; }

    /// <summary>The store of incidents, of which a host only has its own deleted.</summary>
    public IAlertStore Store { get; }

    /// <summary>Times that something was handed over.</summary>
    public int Calls { get; private set; }

    public ImmutableArray<AlertTransition> Told
    {
        get
        {
            lock (_lock) return [.. _told];
        }
    }

    /// <summary>Hosts of which the incidents were deleted.</summary>
    public ImmutableArray<long> Deleted
    {
        get
        {
            lock (_lock) return [.. _deleted];
        }
    }

    /// <summary>What was told, once it is so much.</summary>
    public async Task<ImmutableArray<AlertTransition>> ToldAsync(int count)
    {
        await Waiting.UntilAsync(() => Task.FromResult(Told.Length >= count), $"what was to be told as number {count}");
        return Told;
    }

    /// <summary>The grains of a silo, with this in place of its desks.</summary>
    public IGrainFactory In(IGrainFactory grains)
    {
        var desk = Answering.For<IAlertDeskGrain>((method, arguments) => method.Name == nameof(IAlertDeskGrain.Accept) ? Accept((ImmutableArray<AlertTransition>)arguments[0]!) : throw new NotSupportedException(method.Name));
        return Answering.For<IGrainFactory>((method, arguments) => method.IsGenericMethod && method.ReturnType == typeof(IAlertDeskGrain) ? desk : method.Invoke(grains, arguments));
    }

    private Task Accept(ImmutableArray<AlertTransition> transitions)
    {
        lock (_lock)
        {
            Calls++;
            if (Fault is { } fault) return Task.FromException(fault());
            foreach (var transition in transitions)
            {
                if (_told.TrueForAll(known => known.Id != transition.Id)) _told.Add(transition);
            }
        }

        return Task.CompletedTask;
    }

    private Task DeleteHost(long hostId)
    {
        lock (_lock) _deleted.Add(hostId);
        return Task.CompletedTask;
    }
}

/// <summary>An object that answers for an interface with a function.</summary>
public class Answering : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = null!;

    public static T For<T>(Func<MethodInfo, object?[], object?> answer) where T : class
    {
        var made = Create<T, Answering>();
        ((Answering)(object)made)._answer = answer;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        try
        {
            return _answer(targetMethod!, args ?? []);
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }
}
