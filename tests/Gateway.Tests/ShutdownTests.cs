using System.Net;
using System.Net.Sockets;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests;

/// <summary>A server that is told to end finishes what it began.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task RequestUnderWay_IsAnsweredAndStored()
    {
        using var data = new Folder();
        var now = ReportJson.Now();
        long id;
        await using (var server = await RunningServer.StartAsync(data: data))
        {
            var host = await server.EnrolAsync("busy");
            id = host.Id;
            await host.ReportAsync(ReportJson.Report(0, now - 1000));
            var slow = new GatedContent(Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(1, now))));
            var answer = host.PostAsync(slow);
            await Patience.For(slow.HalfSent, () => "the first half of the body");

            // That the half was sent does not say that the server has begun with it; what another connection finished after it, does.
            for (var i = 1; i <= 5; i++) await host.ReportAsync(ReportJson.Report(0, now - 1000));
            var stopping = server.StopAsync();
            await Patience.Until(async () => !await IsListeningAsync(server.Address), () => "the end of listening");
            Assert.False(stopping.IsCompleted);

            slow.Release();
            Assert.Equal((HttpStatusCode.OK, """{"accepted":1,"repeated":0}"""), ((await answer).Status, (await answer).Text));
            await Patience.For(stopping, () => "the end of the server");
        }

        await using var next = await RunningServer.StartAsync(data: data);
        using var view = await next.Http.GetAsync($"/api/v1/hosts/{id}");
        Assert.Equal([now - 1000, now], EnrolledHost.Read((await Answer.OfAsync(view)).Json).Keys);
    }

    [Fact]
    public async Task OpenLiveConnection_DoesNotHoldUpTheEnd()
    {
        await using var server = await RunningServer.StartAsync();
        var host = await server.EnrolAsync();
        await using var browser = await HubClient.ConnectAsync(server);
        await browser.InvokeAsync("WatchHost", host.Id);
        await browser.InvokeAsync("WatchFleet", (object?)null);

        var began = TimeProvider.System.GetTimestamp();
        await Patience.For(server.StopAsync(), () => "the end of the server");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 10);
        Assert.Empty(server.Errors.All);
    }

    private static async Task<bool> IsListeningAsync(Uri address)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
