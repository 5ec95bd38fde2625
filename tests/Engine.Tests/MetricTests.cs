using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>What the engine counts for those who watch it.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task Activations_AreCountedByTheirClass_InTheirHostAlone()
    {
        await using var host = new CountedHost();
        await using var other = new CountedHost();
        await host.InitializeAsync();
        await other.InitializeAsync();

        await host.Grain<ILifeGrain>("a").Activation();
        await host.Grain<ILifeGrain>("b").Activation();
        await other.Grain<ILifeGrain>("c").Activation();
        Assert.Equal((2, 1), (host.Count, other.Count));

        await host.Stop();
        Assert.Equal((0, 1), (host.Count, other.Count));
    }

    private sealed class CountedHost : IAsyncDisposable
    {
        private readonly EngineHost _host = new();
        private readonly MeterListener _listener = new();
        private int _count;

        public CountedHost()
        {
            var meters = _host.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Name: "orleans-grains", Meter.Name: "Microsoft.Orleans" } && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((_, change, tags, _) =>
            {
                if (tags.ToArray().Any(tag => tag is { Key: "grain_type", Value: { } type } && type.ToString() == "life")) Interlocked.Add(ref _count, change);
            });
            _listener.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public Task InitializeAsync() => _host.InitializeAsync();

        public T Grain<T>(string key) where T : IGrainWithStringKey => _host.Grain<T>(key);

        public Task Stop() => _host.Stop();

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            _listener.Dispose();
        }
    }
}
