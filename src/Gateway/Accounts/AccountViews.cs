using System.Text.Json.Serialization;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>An account on the wire.</summary>
internal sealed record AccountView(long Id, string Username, string Role, bool IsDisabled, DateTimeOffset CreatedAt)
{
    public static AccountView Of(AccountInfo account) => new(account.Id, account.Name, Word(account.Role), account.IsDisabled, account.CreatedAt);

    public static string Word(AccountRole role) => role == AccountRole.Administrator ? "administrator" : "user";
}

/// <summary>What people send who want to sign in, or to make an account.</summary>
internal sealed record CredentialsRequest(string? Username, string? Password);

/// <summary>Whether the sign-in page offers to register.</summary>
internal sealed record SignInOptionsView(bool SelfRegistration);

/// <summary>Answer to signing in and to a refresh. The refresh token is in the cookie, where no script can read it.</summary>
/// <param name="AccessToken">For the header Authorization of the requests that follow.</param>
/// <param name="ExpiresIn">For how many seconds it is good.</param>
/// <param name="Account">Who is signed in.</param>
internal sealed record SignInView(string AccessToken, long ExpiresIn, AccountView Account);

/// <summary>Body of <c>POST /api/v1/account/password</c>.</summary>
internal sealed record PasswordChangeRequest(string? CurrentPassword, string? NewPassword);

/// <summary>A session as its owner sees it.</summary>
internal sealed record SessionView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string? Address, string? UserAgent, bool IsCurrent)
{
    public static SessionView Of(SessionInfo session, Guid current) =>
        new(session.Id, session.CreatedAt, session.LastUsedAt, session.ExpiresAt, session.Origin.Address, session.Origin.UserAgent, session.Id == current);
}

/// <summary>Body of <c>POST /api/v1/account/enrolment-tokens</c>.</summary>
internal sealed record NewEnrolmentRequest(string? Label, string? Group, string[]? Tags, int? Uses, int? ValidHours);

/// <summary>An enrolment token; its text is there once, in the answer to making it.</summary>
internal sealed record EnrolmentView(
    int Id,
    string Label,
    string? Group,
    IReadOnlyList<string> Tags,
    int Uses,
    int UsesLeft,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token = null)
{
    public static EnrolmentView Of(EnrolmentInfo info, string? token = null) =>
        new(info.Id, info.Terms.Label, info.Terms.Group, info.Terms.Tags, info.Terms.Uses, info.UsesLeft, info.CreatedAt, info.Terms.ExpiresAt, token);
}

/// <summary>Body of <c>POST /api/v1/users</c>.</summary>
internal sealed record NewUserRequest(string? Username, string? Password, string? Role);

/// <summary>Body of <c>PATCH /api/v1/users/{id}</c>; what is null stays.</summary>
internal sealed record UserChangeRequest(string? Role, bool? IsDisabled);

/// <summary>Body of <c>POST /api/v1/users/{id}/password</c>; without one it is generated.</summary>
internal sealed record PasswordResetRequest(string? Password);

/// <summary>Answer to a reset: the password, if the server has made it.</summary>
internal sealed record PasswordResetView([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Password);

/// <summary>An account that was just made, with its password if the server has made it.</summary>
internal sealed record NewUserView(
    long Id,
    string Username,
    string Role,
    bool IsDisabled,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Password)
{
    public static NewUserView Of(AccountInfo account, string? password) => new(account.Id, account.Name, AccountView.Word(account.Role), account.IsDisabled, account.CreatedAt, password);
}

/// <summary>An account in the administrators' list.</summary>
/// <param name="Hosts">How many hosts it owns.</param>
internal sealed record UserView(long Id, string Username, string Role, bool IsDisabled, DateTimeOffset CreatedAt, int Hosts)
{
    public static UserView Of(AccountInfo account, int hosts) => new(account.Id, account.Name, AccountView.Word(account.Role), account.IsDisabled, account.CreatedAt, hosts);
}

/// <summary>A page of the administrators' list.</summary>
/// <param name="Total">All accounts.</param>
/// <param name="Matched">Those that the search finds.</param>
/// <param name="Users">Those of the page, by name.</param>
internal sealed record UserPage(int Total, int Matched, IReadOnlyList<UserView> Users);
