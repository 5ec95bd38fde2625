using Orleans.Concurrency;

namespace StatusMonitor.Grains.Live;

/// <summary>Brings live updates to those who are subscribed. Nothing is kept: who subscribes later, or misses one, reads what there is. The key is one of <see cref="LiveTopics"/>.</summary>
[Alias("StatusMonitor.ILiveTopicGrain")]
public interface ILiveTopicGrain : IGrainWithStringKey
{
    /// <summary>Sends an update to all who are subscribed. Waits for nobody, so that a publisher is not held up by a silo that is gone.</summary>
    [Alias("Publish"), OneWay]
    Task Publish(LiveUpdate update);

    /// <summary>Subscribes, or renews: a subscription ends when <see cref="LiveTopicGrain.Lease"/> has passed without. False if it begins, so that something may have been missed.</summary>
    [Alias("Subscribe")]
    Task<bool> Subscribe(ILiveObserver observer);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unsubscribe"), OneWay]
    Task Unsubscribe(ILiveObserver observer);

    /// <summary>How many are subscribed.</summary>
    [Alias("CountSubscriptions")]
    Task<int> CountSubscriptions();
}

/// <summary>Is told live updates.</summary>
[Alias("StatusMonitor.ILiveObserver")]
public interface ILiveObserver : IGrainObserver
{
    /// <summary>The next update. Numbers that do not follow each other mean that one was lost.</summary>
    [Alias("Next"), OneWay]
    Task Next(long number, LiveUpdate update);
}

/// <summary>What is told live.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.LiveUpdate")]
public abstract record LiveUpdate;
