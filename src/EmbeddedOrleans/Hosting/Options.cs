namespace Orleans.Configuration
{
    /// <summary>How long activations stay in memory.</summary>
    public class GrainCollectionOptions
    {
        /// <summary>How often idle activations are looked for. Default: 1 minute.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle; longer costs memory, shorter costs reading state again. Must exceed the quantum. Default: 15 minutes.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>Other ages for some classes, by full name.</summary>
        public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

        /// <summary>How long an activation may take to begin. Default: 30 seconds.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>How long an activation may take to end. Default: 30 seconds.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>How calls travel.</summary>
    public abstract class MessagingOptions
    {
        /// <summary>How long a caller waits before it gets a <see cref="TimeoutException"/>. Default: 30 seconds.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>How calls travel within the silo.</summary>
    public class SiloMessagingOptions : MessagingOptions;

    /// <summary>How calls travel from a client.</summary>
    public class ClientMessagingOptions : MessagingOptions;

    /// <summary>The names of the cluster; here they are only names.</summary>
    public class ClusterOptions
    {
        internal const string DevelopmentClusterId = "dev";
        internal const string DevelopmentServiceId = "dev";

        /// <summary>The cluster. Default: "default".</summary>
        public string ClusterId { get; set; } = "default";

        /// <summary>The service, which stays the same over many clusters. Default: "default".</summary>
        public string ServiceId { get; set; } = "default";
    }

    /// <summary>The ports of a silo in a cluster; here none is opened.</summary>
    public class EndpointOptions
    {
        /// <summary>The usual port between silos.</summary>
        public const int DEFAULT_SILO_PORT = 11111;

        /// <summary>The usual port for clients.</summary>
        public const int DEFAULT_GATEWAY_PORT = 30000;
    }
}

namespace Orleans.Hosting
{
    /// <summary>How reminders work.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The least time between ticks; reminders are written to the table, so short ones are for timers. Default: 1 minute.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How often Orleans reads the table again; here nobody else writes to it. Default: 5 minutes.</summary>
        public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);

        /// <summary>How long the table may take to start. Default: 5 minutes.</summary>
        public TimeSpan InitializationTimeout { get; set; } = TimeSpan.FromMinutes(5);
    }
}

namespace Orleans.Providers
{
    /// <summary>Names of providers.</summary>
    public static class ProviderConstants
    {
        /// <summary>The storage of states that name none.</summary>
        public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";

        /// <summary>The storage of stream subscriptions in Orleans; here they are in memory.</summary>
        public const string DEFAULT_PUBSUB_PROVIDER_NAME = "PubSubStore";
    }
}
