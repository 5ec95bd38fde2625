namespace StatusMonitor.Protocol;

/// <summary>Body of <c>POST /api/v1/enrol</c>: a machine adds itself to the hosts of the account that made the enrolment token.</summary>
public sealed record EnrolmentRequest
{
    /// <summary>The enrolment token; whoever has it may add hosts, so it is never logged.</summary>
    public required string Token { get; init; }

    /// <summary>The name of the new host: 1 to 100 characters.</summary>
    public required string Name { get; init; }
}

/// <summary>Answer to an <see cref="EnrolmentRequest"/>: the host is there, and this is the only time its token is told.</summary>
public sealed record EnrolmentAnswer
{
    /// <summary>The id of the new host.</summary>
    public required long Id { get; init; }

    /// <summary>Its name, as the server keeps it.</summary>
    public required string Name { get; init; }

    /// <summary>The token of the host's agent.</summary>
    public required string Token { get; init; }

    /// <summary>Until then the agent must have reported once; after that its token does not expire.</summary>
    public required DateTimeOffset TokenExpiresAt { get; init; }
}
