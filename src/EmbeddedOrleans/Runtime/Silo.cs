using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// The process as a home of grains: the catalog of activations, the way to them, and the sweep that ends calls whose
/// time is up and activations that nobody uses. It is also the client, since there is no network between.
/// </summary>
internal sealed partial class Silo : IClusterClient, IGrainRuntime
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<Type, Func<Silo, GrainId, GrainReference>> _proxies = new();
    private readonly GrainManifest _manifest;
    private readonly GrainInstruments _instruments;
    private readonly long _responseTimeout;
    private readonly TimeSpan _sweepPeriod;
    private readonly long _collectionQuantum;
    private readonly long _startedAt;
    private ITimer? _sweeper;
    private long _now;
    private long _nextCollection;
    private volatile Phase _phase;

    public Silo(IServiceProvider services, IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection, TimeProvider time, ILogger<Silo> logger)
    {
        ServiceProvider = services;
        Logger = logger;
        Time = time;
        GrainTime = services.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Grains);
        _startedAt = time.GetTimestamp();

        var options = collection.Value;
        if (options.CollectionAge <= options.CollectionQuantum)
        {
            throw new OrleansConfigurationException(
                $"{nameof(GrainCollectionOptions)}.{nameof(options.CollectionAge)} is {options.CollectionAge}; it must be greater than {nameof(options.CollectionQuantum)}, which is {options.CollectionQuantum}.");
        }

        _manifest = new GrainManifest(options);
        _instruments = services.GetRequiredService<GrainInstruments>();
        ActivationTimeout = options.ActivationTimeout;
        DeactivationTimeout = options.DeactivationTimeout;
        _collectionQuantum = _nextCollection = (long)options.CollectionQuantum.TotalMilliseconds;

        var timeout = messaging.Value.ResponseTimeout;
        _sweepPeriod = Min(TimeSpan.FromSeconds(1), timeout / 4, options.CollectionQuantum / 4);

        // A call bears the time of the last sweep, which is up to one period too early.
        _responseTimeout = (long)(timeout + _sweepPeriod).TotalMilliseconds;

        static TimeSpan Min(params ReadOnlySpan<TimeSpan> spans)
        {
            var least = spans[0];
            foreach (var span in spans) least = span < least ? span : least;
            return least < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : least;
        }
    }

    private enum Phase
    {
        Created,
        Running,
        Stopping,
        Stopped,
    }

    public IServiceProvider ServiceProvider { get; }

    public IGrainFactory GrainFactory => this;

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    /// <summary>The clock of grain timers, which a test may want to drive alone.</summary>
    public TimeProvider GrainTime { get; }

    public TimeSpan ActivationTimeout { get; }

    public TimeSpan DeactivationTimeout { get; }

    /// <summary>Milliseconds since the silo was made, as of the last sweep: reading a clock for every call would be dearer than the call.</summary>
    public long Now => Volatile.Read(ref _now);

    public bool IsOpen => _phase == Phase.Running;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey
        => Refer<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
        => Refer<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(primaryKey);
        return Refer<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable
        => (TGrainInterface)(object)Refer(typeof(TGrainInterface), grainId);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference) throw new ArgumentException("The object is a reference itself.", nameof(obj));

        var id = GrainClass.NewObserverId();
        _activations[id] = new Activation(this, new GrainClass(obj), id);
        return (TGrainObserverInterface)(object)Refer(typeof(TGrainObserverInterface), id);
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference || !GrainClass.IsOfObserver(reference.GrainId)) throw new ArgumentException("The object is no reference to an observer.", nameof(obj));

        if (_activations.TryRemove(reference.GrainId, out var activation)) activation.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The reference was deleted."));
    }

    public GrainReference Refer(Type grainInterface, GrainId grainId)
        => _proxies.GetOrAdd(grainInterface, GrainProxy.For)(this, grainId);

    public void DeactivateOnIdle(IGrainContext grainContext) => grainContext.Deactivate(
        new(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) => ((Activation)grainContext).DelayDeactivation(timeSpan);

    /// <summary>Gives the request to the grain's activation, making one if there is none.</summary>
    public Activation Dispatch(Request request, GrainId grainId)
    {
        while (true)
        {
            if (!_activations.TryGetValue(grainId, out var activation))
            {
                if (GrainClass.IsOfObserver(grainId)) throw new ClientNotAvailableException($"The object of reference {grainId} is not there any more.");
                ThrowUnlessGrainsMayBegin();
                var made = new Activation(this, _manifest.ClassOf(grainId.Type), grainId);
                activation = _activations.GetOrAdd(grainId, made);
                if (activation == made) _instruments.Began(made.Class);
            }
            else if (!IsOpen)
            {
                ThrowUnlessMayCall();
            }

            if (activation.Enqueue(request)) return activation;
        }
    }

    /// <summary>Gives a request that an activation did not take before its end to the next one.</summary>
    public void Reroute(Request request, GrainId grainId)
    {
        try
        {
            Dispatch(request, grainId);
        }
        catch (OrleansException exception) when (exception is SiloUnavailableException or ClientNotAvailableException)
        {
            request.Fail(exception);
        }
    }

    public void Forget(Activation activation)
    {
        if (_activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation))) _instruments.Ended(activation.Class);
    }

    public void Start()
    {
        _phase = Phase.Running;
        _sweeper = Time.CreateTimer(static silo => ((Silo)silo!).Sweep(), this, _sweepPeriod, _sweepPeriod);
    }

    /// <summary>
    /// Lets no call in from outside, ends every activation, and fails what is left when the token says so. Grains may
    /// still call grains that have not ended, to hand over what they hold.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase != Phase.Running) return;

        _phase = Phase.Stopping;
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops.");
        while (!_activations.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            var ends = new List<Task>();
            foreach (var (_, activation) in _activations)
            {
                activation.Deactivate(reason, cancellationToken);
                ends.Add(activation.Deactivated);
            }

            try
            {
                await Task.WhenAll(ends).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Log.StoppedTooSoon(Logger, _activations.Count);
            }
        }

        _phase = Phase.Stopped;
        if (_sweeper is not null) await _sweeper.DisposeAsync();
        foreach (var (_, activation) in _activations) activation.Abandon(new SiloUnavailableException("The silo has stopped."));
    }

    private TGrainInterface Refer<TGrainInterface>(IdSpan key, string? classNamePrefix)
        => (TGrainInterface)(object)Refer(typeof(TGrainInterface), new GrainId(_manifest.ClassFor(typeof(TGrainInterface), classNamePrefix).GrainType, key));

    private void Sweep()
    {
        var now = (long)Time.GetElapsedTime(_startedAt).TotalMilliseconds;
        Volatile.Write(ref _now, now);
        var collect = now >= _nextCollection;
        if (collect) _nextCollection = now + _collectionQuantum;
        foreach (var (_, activation) in _activations) activation.Sweep(now, _responseTimeout, collect);
    }

    private void ThrowUnlessMayCall()
    {
        if (IsOpen || (_phase == Phase.Stopping && RuntimeContext.Current is not null)) return;

        throw new SiloUnavailableException(_phase == Phase.Created ? "The silo has not started." : "The silo stops.");
    }

    private void ThrowUnlessGrainsMayBegin()
    {
        if (!IsOpen) throw new SiloUnavailableException(_phase == Phase.Created ? "The silo has not started." : "The silo stops.");
    }

    internal static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Could not activate {GrainId}.")]
        public static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

        [LoggerMessage(LogLevel.Error, "Could not cleanly deactivate {GrainId}.")]
        public static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId);

        [LoggerMessage(LogLevel.Information, "Deactivating {GrainId}: its stored state was changed by somebody else.")]
        public static partial void DeactivatingInconsistentState(ILogger logger, Exception exception, GrainId grainId);

        [LoggerMessage(LogLevel.Warning, "{Method} of {GrainId} failed, and nobody waits for it.")]
        public static partial void OneWayFailed(ILogger logger, Exception exception, string method, GrainId grainId);

        [LoggerMessage(LogLevel.Warning, "A timer tick of {GrainId} failed.")]
        public static partial void TimerTickFailed(ILogger logger, Exception exception, GrainId grainId);

        [LoggerMessage(LogLevel.Warning, "The silo was told to stop before {Count} activations had ended.")]
        public static partial void StoppedTooSoon(ILogger logger, int count);
    }
}
