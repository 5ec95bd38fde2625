using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Net;

/// <summary>What went wrong on the way, in words for people. Messages of exceptions are not shown: they may name addresses that are secret.</summary>
internal static class Failures
{
    /// <summary>Whether it is a failure of the way there, and not one of ours.</summary>
    public static bool IsOfTheWay(Exception exception) => exception is HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException or InvalidDataException;

    public static SendResult Of(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ForbiddenAddressException: return new SendResult(SendOutcome.Refused, cause.Message);
                case AuthenticationException: return new SendResult(SendOutcome.Retry, "The server's certificate is not valid, or it does not speak TLS there.");
                case SocketException socket: return new SendResult(SendOutcome.Retry, Of(socket.SocketErrorCode));
                case InvalidDataException or JsonException: return new SendResult(SendOutcome.Retry, "The answer is none that its kind of server gives.");
                case OperationCanceledException: return new SendResult(SendOutcome.Retry, "There was no answer in time.");
            }
        }

        return new SendResult(SendOutcome.Retry, exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? "The server's certificate is not valid, or it does not speak TLS there."
            : "The connection ended before there was an answer.");
    }

    private static string Of(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "Nobody knows the server's name.",
        SocketError.ConnectionRefused => "Nothing answers at the server's port.",
        SocketError.TimedOut => "There was no answer in time.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "There is no way to the server.",
        _ => "The connection ended before there was an answer.",
    };
}
