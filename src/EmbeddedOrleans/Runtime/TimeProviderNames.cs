namespace Orleans.Runtime
{
    /// <summary>Names under which a clock of one area alone can be registered, and is found; without one, the area uses the unnamed clock.</summary>
    public static class TimeProviderNames
    {
        /// <summary>The clock of grains and their timers.</summary>
        public const string Grains = "Orleans.Grains";
    }
}

namespace Orleans.Reminders
{
    /// <inheritdoc cref="Runtime.TimeProviderNames"/>
    public static class ReminderTimeProviderNames
    {
        /// <summary>The clock of reminders.</summary>
        public const string Reminders = "Orleans.Reminders";
    }
}
