using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Sends exactly these bytes, which no HTTP library would.</summary>
internal static class RawHttp
{
    public static async Task<(int Status, string Head, string Body)> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(answer.ToString()))
        {
            var read = await Patience.For(stream.ReadAsync(buffer).AsTask(), () => $"the rest of '{answer}', the answer to {request}");
            if (read == 0) break;
            answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        var text = answer.ToString();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"No answer: '{text}'");
        return (int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }

    /// <summary>An answer without a length ends with the connection, or with its last chunk.</summary>
    private static bool IsWhole(string answer)
    {
        const string Length = "Content-Length: ";
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        var head = answer[..end].Split("\r\n");
        if (head.FirstOrDefault(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase)) is { } length)
        {
            return answer.Length - end - 4 >= int.Parse(length[Length.Length..], CultureInfo.InvariantCulture);
        }

        return head.Contains("Transfer-Encoding: chunked", StringComparer.OrdinalIgnoreCase) && answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}
