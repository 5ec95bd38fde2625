using Orleans.Runtime;

namespace Orleans;

/// <summary>Marks an interface whose methods are calls to an object that is no grain, by a reference that <see cref="IGrainFactory.CreateObjectReference{TGrainObserverInterface}"/> makes.</summary>
public interface IGrainObserver : IAddressable;
