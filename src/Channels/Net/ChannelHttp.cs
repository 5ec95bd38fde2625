using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Net;

/// <summary>
/// Posts to addresses that people gave. It follows no redirects, uses no proxy (which would look up names where nobody checks the address), and reads nothing of an
/// answer but its head: what a server inside says must not be shown to whoever made the channel.
/// </summary>
internal sealed class ChannelHttp : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public ChannelHttp(GuardedConnector connector, IOptions<ChannelOptions> options, TimeProvider time)
    {
        _time = time;
        _timeout = options.Value.Timeout;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) => await connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = 64 * 1024,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("StatusMonitor");
    }

    /// <summary>Sends a request. Takes it over.</summary>
    /// <exception cref="OperationCanceledException">The server ends.</exception>
    public async Task<SendResult> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
                return Judge(response);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Failures.IsOfTheWay(exception))
            {
                return Failures.Of(exception);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private SendResult Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => new SendResult(SendOutcome.Accepted),
            HttpStatusCode.TooManyRequests => new SendResult(SendOutcome.Retry, "The server asks to be left alone for a while (429).", WaitOf(response)),
            HttpStatusCode.RequestTimeout or (HttpStatusCode)425 => new SendResult(SendOutcome.Retry, Said("The server was not ready ({0}).", status)),
            >= HttpStatusCode.InternalServerError => new SendResult(SendOutcome.Retry, Said("The server has trouble ({0}).", status), WaitOf(response)),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new SendResult(SendOutcome.Refused, Said("The address leads on to another ({0}), which is not followed; give that one.", status)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new SendResult(SendOutcome.Refused, Said("The server does not let us in ({0}).", status)),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new SendResult(SendOutcome.Refused, Said("There is nothing at the address ({0}).", status)),
            _ => new SendResult(SendOutcome.Refused, Said("The server does not take the message ({0}).", status)),
        };
    }

    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } after) return null;
        var wait = after.Delta ?? after.Date - _time.GetUtcNow();
        return wait is { } asked && asked > TimeSpan.Zero ? asked < LongestWait ? asked : LongestWait : null;
    }

    private static string Said(string format, int status) => string.Format(CultureInfo.InvariantCulture, format, status);
}
