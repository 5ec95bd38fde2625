using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>Channels, routing and silences.</summary>
public sealed class DeskSettingsTests : DeskTests
{
    [Fact]
    public async Task Channels_AreKept_AndTheirIdsNeverGivenAgain()
    {
        await StartAsync();
        Assert.Equal((1, 2), (await AddChannelAsync(name: "a"), await AddChannelAsync(name: "b")));
        Assert.True(await Desk.RemoveChannel(2));
        Assert.False(await Desk.RemoveChannel(2));
        Assert.Equal(3, await AddChannelAsync(name: "c"));
        Assert.False(await Desk.ReplaceChannel(new AlertChannel { Id = 2, Name = "b", Kind = ChannelKind.Webhook }));
        Assert.True(await Desk.ReplaceChannel(new AlertChannel { Id = 3, Name = "d", Kind = ChannelKind.Ntfy, IsClassic = true }));

        await StartAsync();
        var channels = await Desk.GetChannels();
        Assert.Equal([(1L, "a"), (3L, "d")], channels.Select(channel => (channel.Id, channel.Name)));
        Assert.Equal("https://example.org/secret", channels[0].Settings["url"]);
        Assert.False(channels[1].IsClassic);
        Assert.NotEqual(default, channels[1].CreatedAt);
        Assert.DoesNotContain("secret", channels[0].ToString());
    }

    [Fact]
    public async Task WhatADeletedAccountHad_Goes_AndItsNumbersAreNotGivenAgain()
    {
        await StartAsync();
        await AddChannelAsync();
        await Desk.AddSilence(new Silence { From = Now, To = Now.AddHours(1) });
        await Desk.SetRouting(new AlertRouting(Grouping.Tag, TimeSpan.FromSeconds(30), [Route(1)]));

        await Desk.Clear();
        await StartAsync();
        Assert.Empty(await Desk.GetChannels());
        Assert.Empty(await Desk.GetSilences());
        Assert.Empty((await Desk.GetRouting()).Routes);
        Assert.Equal(2, await AddChannelAsync());
    }

    [Fact]
    public async Task Bounds_Hold()
    {
        await StartAsync();
        for (var i = 0; i < 50; i++) await AddChannelAsync();
        Assert.Null(await Desk.AddChannel(new AlertChannel { Name = "one more", Kind = ChannelKind.Webhook }));
        for (var i = 0; i < 200; i++) Assert.NotNull(await Desk.AddSilence(new Silence { From = Now, To = Now.AddHours(i < 100 ? 1 : 2) }));
        Assert.Null(await Desk.AddSilence(new Silence()));

        // Those that are over make room.
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(100, (await Desk.GetSilences()).Length);
        Assert.Equal(201, (await Desk.AddSilence(new Silence()))!.Id);
    }

    [Fact]
    public async Task OneChannelAtMost_IsTheClassicOne()
    {
        await StartAsync();
        Assert.NotNull(await Desk.AddChannel(new AlertChannel { Name = "classic", Kind = ChannelKind.Telegram, IsClassic = true }));
        Assert.Null(await Desk.AddChannel(new AlertChannel { Name = "another", Kind = ChannelKind.Telegram, IsClassic = true }));
    }

    [Fact]
    public async Task AChannelThatIsRemoved_IsInNoRoute()
    {
        await StartAsync();
        await AddChannelAsync();
        await AddChannelAsync();
        await Desk.SetRouting(new AlertRouting(Grouping.Tag, TimeSpan.FromSeconds(30), [Route(1, 2)]));
        await Desk.RemoveChannel(2);

        await StartAsync();
        var routing = await Desk.GetRouting();
        Assert.Equal((Grouping.Tag, TimeSpan.FromSeconds(30)), (routing.GroupBy, routing.GroupWindow));
        Assert.Equal([1], routing.Routes.Single().Channels.AsEnumerable());
    }

    [Fact]
    public async Task Silences_AreKeptAndChanged()
    {
        await StartAsync();
        var nightly = new Silence { Comment = "backup", Recurrence = new Recurrence([DayOfWeek.Monday], new TimeOnly(22, 30), TimeSpan.FromHours(8), "Europe/Berlin"), Rules = [4] };
        var made = await Desk.AddSilence(nightly);
        Assert.True(await Desk.ReplaceSilence(made! with { Comment = "longer backup" }));
        Assert.False(await Desk.ReplaceSilence(nightly with { Id = 9 }));

        await StartAsync();
        var silence = Assert.Single(await Desk.GetSilences());
        Assert.Equal(("longer backup", new TimeOnly(22, 30), "Europe/Berlin"), (silence.Comment, silence.Recurrence!.Start, silence.Recurrence.TimeZone));
        Assert.True(await Desk.RemoveSilence(1));
        Assert.False(await Desk.RemoveSilence(1));
        Assert.Empty(await Desk.GetSilences());
    }

    [Fact]
    public async Task AChangeThatCannotBeStored_IsNone()
    {
        await StartAsync();
        await AddChannelAsync();
        Silo.Faults.BreakState("alert-desk");

        await Assert.ThrowsAsync<StorageFailedException>(() => Desk.RemoveChannel(1));
        await Assert.ThrowsAsync<StorageFailedException>(() => Desk.AddSilence(new Silence()));
        Assert.Single(await Desk.GetChannels());
        Assert.Empty(await Desk.GetSilences());
    }
}
