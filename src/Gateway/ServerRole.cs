namespace StatusMonitor.Gateway;

/// <summary>What a process of the server is.</summary>
public enum ServerRole
{
    /// <summary>A whole server: a gateway with a silo inside.</summary>
    All,

    /// <summary>Has grains and nothing for agents or people but its health; one of any number.</summary>
    Silo,

    /// <summary>Serves agents and people, and asks the silos; one of any number.</summary>
    Gateway,
}
