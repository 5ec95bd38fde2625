namespace StatusMonitor.Agent.Connection;

/// <summary>How an attempt to send reports ended.</summary>
internal enum DeliveryResult
{
    /// <summary>The server has them for good.</summary>
    Accepted,

    /// <summary>The server does not know the token, or does not let it report.</summary>
    TokenRefused,

    /// <summary>The server finds something wrong in the reports themselves; sending them again will not help.</summary>
    ContentRefused,

    /// <summary>Something answers there that is not a StatusMonitor server.</summary>
    WrongAddress,

    /// <summary>The server asks to come back later.</summary>
    Busy,

    /// <summary>No answer, or one that says that the server has trouble.</summary>
    Unreachable,
}

/// <summary>The end of an attempt to send reports.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Reason">What a person should know about it: a sentence or two; empty if accepted.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="IsOfThisServer">Whether the trouble is this address's own, so that another one of the same fleet may well take them now.</param>
/// <param name="AskedProcesses">Of how many processes the server would like to know; 0 for none.</param>
internal readonly record struct Delivery(DeliveryResult Result, string Reason = "", TimeSpan? RetryAfter = null, bool IsOfThisServer = false, int AskedProcesses = 0);
