using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.OpenApi;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>What the API's document says of signing in, of one's own account, and of the accounts that administrators manage.</summary>
internal static class AccountDocs
{
    private const string RefreshCookieNote = "The refresh token comes and goes in the cookie `statusmonitor_refresh`, which no script can read.";
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccountView Alice = new(1, "alice", "user", false, Noon);
    private static readonly ProblemDetails TooMany = Problems.TooManyAttempts(TimeSpan.FromMinutes(5));

    public static ApiDoc Options { get; } = new("Get what the sign-in page must know", "Whether people can make accounts for themselves.") { Answer = new SignInOptionsView(true) };

    public static ApiDoc Register { get; } = new("Make an account for oneself", "If the server allows it. The password has at least eight characters and is not one that is guessed first.")
    {
        Request = new CredentialsRequest("alice", "correct horse battery"),
        Status = StatusCodes.Status201Created,
        Answer = Alice,
        Problems = [Invalid("password", "must have at least 8 characters"), Problems.RegistrationOff(), Problems.NameTaken("alice"), Problems.TooMany("There are as many accounts as there may be."), TooMany, Problems.PasswordsBusy()],
    };

    public static ApiDoc Login { get; } = new("Sign in", $"An unknown user and a wrong password get the same answer. {RefreshCookieNote}")
    {
        Request = new CredentialsRequest("alice", "correct horse battery"),
        Answer = new SignInView("eyJhbGciOiJIUzI1NiJ9.e30.example", 1800, Alice),
        Problems = [Invalid("username", "must be there"), Problems.WrongCredentials(), Problems.AccountDisabled(), TooMany, Problems.PasswordsBusy()],
    };

    public static ApiDoc Refresh { get; } = new("Get a new access token", $"Each refresh token is good once; one that is shown again ends its session. {RefreshCookieNote}")
    {
        Answer = new SignInView("eyJhbGciOiJIUzI1NiJ9.e30.example", 1800, Alice),
        Problems = [Problems.SessionEnded()],
    };

    public static ApiDoc Logout { get; } = new("Sign out", "Ends the session of the cookie, of the bearer token, or of both. There is no way to fail.") { Status = StatusCodes.Status204NoContent };

    public static ApiDoc Own { get; } = new("Get one's own account", "Whom the access token belongs to.") { Answer = Alice };

    public static ApiDoc ChangePassword { get; } = new("Change one's password", "All other sessions of the account end.")
    {
        Request = new PasswordChangeRequest("correct horse battery", "staple of a better one"),
        Status = StatusCodes.Status204NoContent,
        Problems = [Invalid("currentPassword", "is not your password"), TooMany, Problems.PasswordsBusy()],
    };

    public static ApiDoc Sessions { get; } = new("List one's sessions", "Where the account is signed in, the newest use first.")
    {
        Answer = new[] { new SessionView(Guid.Parse("7d3b5c9e-3f0a-4a6f-8d53-0c7f3a1b2c4d"), Noon, Noon, Noon.AddDays(7), "192.0.2.7", "Mozilla/5.0", true) },
    };

    public static ApiDoc EndSessions { get; } = new("Sign out everywhere", "Ends all sessions of the account, this one too. Their live connections end at once.") { Status = StatusCodes.Status204NoContent };

    public static ApiDoc EndSession { get; } = new("End one of one's sessions", "Its live connections end at once.")
    {
        Status = StatusCodes.Status204NoContent,
        Problems = [Problems.SessionNotFound("7d3b5c9e-3f0a-4a6f-8d53-0c7f3a1b2c4d")],
    };

    public static ApiDoc EnrolmentTokens { get; } = new("List one's enrolment tokens", "Those that can still be used. Their text is not kept.")
    {
        Answer = new[] { new EnrolmentView(1, "rack 1", "Frankfurt", ["web"], 10, 9, Noon, Noon.AddHours(24)) },
    };

    public static ApiDoc NewEnrolmentToken { get; } = new(
        "Make an enrolment token",
        "Whoever has it can add hosts to the account, as often and as long as it says; the hosts get its group and tags. The text is shown only here.")
    {
        Request = new NewEnrolmentRequest("rack 1", "Frankfurt", ["web"], 10, 24),
        Status = StatusCodes.Status201Created,
        Answer = new EnrolmentView(1, "rack 1", "Frankfurt", ["web"], 10, 10, Noon, Noon.AddHours(24), EnrolmentTokenEndpoints.TextOf(1, new string('0', 64))),
        Problems = [Invalid("uses", "must be 1 to 1000"), Problems.TooMany("Your account has as many enrolment tokens as it may. Revoke some that are no longer needed.")],
    };

    public static ApiDoc RevokeEnrolmentToken { get; } = new("Revoke an enrolment token", "Hosts that were added with it stay.")
    {
        Status = StatusCodes.Status204NoContent,
        Problems = [Problems.EnrolmentTokenNotFound("1")],
    };

    public static ApiDoc Users { get; } = new("List the accounts", "For administrators.")
    {
        Answer = new UserPage(1, 1, [new UserView(1, "alice", "user", false, Noon, 3)]),
        Problems = [Invalid("limit", $"must be 1 to {UserQuery.MaxLimit}")],
    };

    public static ApiDoc NewUser { get; } = new("Make an account", "For administrators. Without a password the server makes one and shows it only here.")
    {
        Request = new NewUserRequest("alice", null, "user"),
        Status = StatusCodes.Status201Created,
        Answer = new NewUserView(1, "alice", "user", false, Noon, "kuse-mora-tali-vepo-jine"),
        Problems = [Invalid("username", "must have 3 to 64 characters, none of them invisible"), Problems.NameTaken("alice"), Problems.TooMany("There are as many accounts as there may be."), Problems.PasswordsBusy()],
    };

    public static ApiDoc ChangeUser { get; } = new("Change what an account may do", "For administrators. What is not in the body stays as it is. It holds at once, for live connections too.")
    {
        Request = new UserChangeRequest("administrator", false),
        Answer = Alice with { Role = "administrator" },
        Problems = [Invalid("role", "must be user or administrator"), Problems.AccountNotFound(1), Problems.LastAdministrator()],
    };

    public static ApiDoc ResetPassword { get; } = new("Give an account a new password", "For administrators. All its sessions end. Without a password the server makes one and shows it only here.")
    {
        Request = new PasswordResetRequest(null),
        Answer = new PasswordResetView("kuse-mora-tali-vepo-jine"),
        Problems = [Invalid("password", "must have at least 8 characters"), Problems.AccountNotFound(1), Problems.PasswordsBusy()],
    };

    public static ApiDoc DeleteUser { get; } = new("Delete an account", "For administrators. `hosts` says what becomes of its hosts: `transfer` gives them to whoever deletes the account, `delete` deletes them too.")
    {
        Status = StatusCodes.Status204NoContent,
        Problems = [Invalid("hosts", "must be transfer or delete"), Problems.AccountNotFound(1), Problems.LastAdministrator()],
    };

    private static ProblemDetails Invalid(string field, string error) => Problems.Invalid(new Dictionary<string, string[]> { [field] = [error] });
}
