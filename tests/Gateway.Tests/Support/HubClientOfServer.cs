namespace StatusMonitor.Gateway.Tests.Support;

internal sealed partial class HubClient
{
    /// <param name="server">Where.</param>
    /// <param name="withSmallBuffer">As a browser on a slow line.</param>
    /// <param name="as">Who looks; the administrator if nobody is named.</param>
    public static Task<HubClient> ConnectAsync(RunningServer server, bool withSmallBuffer = false, SignedIn? @as = null) =>
        ConnectAsync(server.Address, (@as ?? server.Admin).AccessToken, withSmallBuffer);
}
