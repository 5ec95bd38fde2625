using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>What people read.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData(97.34, "cpu.percent", "97.3 %")]
    [InlineData(90, "cpu.percent", "90 %")]
    [InlineData(-0.01, "cpu.percent", "0 %")]
    [InlineData(512, "memory.used.bytes", "512 bytes")]
    [InlineData(1_503_238_554, "memory.used.bytes", "1.4 GiB")]
    [InlineData(2596.12, "cpu.frequency.mhz", "2596 MHz")]
    [InlineData(93_784, "uptime.seconds", "1 d 2 h")]
    [InlineData(0.756, "load.1m", "0.76")]
    [InlineData(12.345, "load.1m", "12.3")]
    [InlineData(1234.5, "my.own", "1235")]
    [InlineData(3, "tcp.connections{state=listen}", "3")]
    [InlineData(1e300, "my.own", "1E+300")]
    [InlineData(double.NaN, "cpu.percent", "NaN %")]
    public void AValue_HasItsUnit(double value, string series, string text) => Assert.Equal(text, Quantity.Of(value, series));

    [Theory]
    [InlineData(13_107_200, "net.rx.bytes{nic=eth0}", "12.5 MiB/s")]
    [InlineData(250, "disk.reads", "250 operations/s")]
    [InlineData(2.5, "my.own", "2.5/s")]
    [InlineData(0.5, "disk.busy.seconds", "0.5 s/s")]
    public void AGrowth_IsByTheSecond(double value, string series, string text) => Assert.Equal(text, Quantity.Rate(value, series));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(690, "11 min")]
    [InlineData(5400, "1 h 30 min")]
    [InlineData(90_000, "1 d 1 h")]
    public void ATime_IsRounded(double seconds, string text) => Assert.Equal(text, Quantity.Of(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("cpu.percent", "cpu.percent")]
    [InlineData("disk.used.percent{mount=/data}", "disk.used.percent of /data")]
    [InlineData("x.y{a=1,b=2}", "x.y of a 1, b 2")]
    public void ASeries_IsCalledByItsLabels(string series, string text) => Assert.Equal(text, Quantity.Series(series));

    [Fact]
    public void WhatIsWrong_IsSaid()
    {
        Assert.Equal("cpu.percent is 97.3 %, at or above 90 % for 5 min", Said(Fired(1, 1, Cpu, value: 97.3)));
        Assert.Equal("has been offline for 30 s", Said(Fired(1, 1, Offline)));
        Assert.Equal("has rebooted", Said(Fired(1, 1, Rebooted)));
        Assert.Equal("cpu.percent has had no values for 5 min", Said(Fired(1, 1, Cpu with { Kind = AlertKind.NoData })));
        Assert.Equal(
            "net.rx.bytes of eth0 grows by 12.5 MiB/s, above 10 MiB/s",
            Said(Fired(1, 1, Cpu with { Kind = AlertKind.Rate, Condition = AlertCondition.Above, Threshold = 10 * 1024 * 1024, For = default }, value: 13_107_200) with { Series = "net.rx.bytes{nic=eth0}" }));
        Assert.Equal(
            "disk.used.percent of / is 91 % and reaches 100 % in about 5 h, at 2026-06-01 17:10 UTC if it goes on like this",
            Said(Fired(1, 1, Cpu with { Kind = AlertKind.Forecast, Threshold = 100 }, value: 91) with { Series = "disk.used.percent{mount=/}", Until = Noon.AddMinutes(310) }));
    }

    [Fact]
    public void WhatIsOver_IsSaid()
    {
        var cpu = Fired(1, 1, Cpu, value: 97).Resolved(2, Noon.AddMinutes(12)) with { Value = 75, Peak = 98.2 };

        Assert.Equal("cpu.percent is 75 % again after 12 min; the worst was 98.2 %", Said(cpu));
        Assert.Equal("is back after 12 min", Said(Fired(1, 1, Offline).Resolved(2, Noon.AddMinutes(12))));
    }

    [Fact]
    public void OneAlert_IsItsHostAndItsRule()
    {
        Assert.Equal("web-1: CPU busy", Title(MessageKind.Fired, Fired(1, 1, Cpu)));
        Assert.Equal("web-1 is offline", Title(MessageKind.Fired, Fired(1, 1, Offline)));
        Assert.Equal("web-1 has rebooted", Title(MessageKind.Fired, Fired(1, 1, Rebooted)));
        Assert.Equal("web-1: CPU busy is over", Title(MessageKind.Resolved, Fired(1, 1, Cpu).Resolved(2)));
        Assert.Equal("web-1 is back", Title(MessageKind.Resolved, Fired(1, 1, Offline).Resolved(2)));
        Assert.Equal("web-1: CPU busy keeps changing", Title(MessageKind.Flapping, Fired(1, 1, Cpu).Then(TransitionKind.FlappingBegan, 2, isOpen: true)));
        Assert.Equal("web-1: CPU busy keeps still again and is over", Title(MessageKind.Steady, Fired(1, 1, Cpu).Then(TransitionKind.FlappingEnded, 2)));
        Assert.Equal("web-1: CPU busy has no values any more", Title(MessageKind.Data, Fired(1, 1, Cpu).Then(TransitionKind.DataLost, 2, isOpen: true)));
    }

    [Fact]
    public void Many_AreCounted()
    {
        Assert.Equal("47 hosts offline", Message(MessageKind.Fired, [.. Enumerable.Range(1, 47).Select(host => Fired(host, 1, Offline))]).Title);
        Assert.Equal("CPU busy on 2 hosts", Message(MessageKind.Fired, [Fired(1, 1, Cpu), Fired(2, 1, Cpu)]).Title);
        Assert.Equal("CPU busy on 2 hosts (3)", Message(MessageKind.Fired, [Fired(1, 1, Cpu), Fired(1, 2, Cpu), Fired(2, 1, Cpu)]).Title);
        Assert.Equal("web-1: CPU busy (2)", Message(MessageKind.Fired, [Fired(1, 1, Cpu), Fired(1, 2, Cpu)]).Title);
    }

    [Fact]
    public void ThoseThatAreBack_SayHowManyAreNot()
    {
        AlertTransition[] back = [Fired(1, 1, Offline).Resolved(2), Fired(2, 1, Offline).Resolved(2)];
        var message = MessageComposer.Of(MessageKind.Resolved, Offline, "in Oslo", [.. back.Select(transition => MessageComposer.Item(transition, null, []))], Noon, stillOpen: 3);

        Assert.Equal("2 hosts in Oslo back; 3 still offline", message.Title);
        Assert.Equal("3 hosts are still offline.", message.Text);
    }

    [Fact]
    public void AMessage_ListsSoManyAndCountsAll()
    {
        var message = Message(MessageKind.Fired, [.. Enumerable.Range(1, 10_000).Select(host => Fired(host, 1, Offline))]);

        Assert.Equal((10_000, MessageComposer.MostItems, "10,000 hosts offline"), (message.Count, message.Items.Length, message.Title));
        Assert.Equal("9500 more are on the dashboard.", message.Text);
        Assert.True(MessageComposer.Write(message).Length < 300_000);
    }

    [Fact]
    public void AMessage_ComesBackFromTheStoreAsItWas()
    {
        var message = Message(MessageKind.Fired, [Fired(1, 1, Cpu, value: 97)]) with { Replaces = "17:4" };
        Assert.True(MessageComposer.TryRead(MessageComposer.Write(message), out var read));
        Assert.False(MessageComposer.TryRead("{", out _));

        Assert.Equal(message with { Items = [] }, read with { Items = [] });
        Assert.Equal(message.Items[0] with { Processes = [] }, read.Items[0] with { Processes = [] });
    }

    [Fact]
    public void ATransition_ComesBackFromTheStoreAsItWas()
    {
        var transition = Fired(1, 1, Cpu, value: 97).In("Berlin", "web") with { Processes = [new ProcessSighting(1, "init", 1.5, 4096)] };
        var read = TransitionStory.Read(TransitionStory.EntryOf(transition).Payload);

        Assert.Equal(transition with { Tags = [], Processes = [] }, read with { Tags = [], Processes = [] });
        Assert.Equal(["web"], read.Tags.AsEnumerable());
        Assert.Equal(transition.Processes.AsEnumerable(), read.Processes.AsEnumerable());
    }

    [Theory]
    [InlineData(1, null, 0.75, 1)]
    [InlineData(1, null, 1, 1)]
    [InlineData(5, null, 1, 16)]
    [InlineData(5, null, 0, 12)]
    [InlineData(200, null, 1, 900)]
    [InlineData(1, 30.0, 1, 30)]
    [InlineData(200, 30.0, 1, 900)]
    [InlineData(1, 1e9, 1, 86_400)]
    public void ThePauseBeforeTheNextTry(int attempts, double? wanted, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(attempts, wanted is { } value ? TimeSpan.FromSeconds(value) : null, chance));

    private static string Said(AlertTransition transition) => AlertWords.Of(transition.Kind, AlertFacts.Of(transition, Noon), transition.IsOpen);

    private static string Title(MessageKind kind, AlertTransition transition) => Message(kind, [transition]).Title;

    private static AlertMessage Message(MessageKind kind, AlertTransition[] transitions) => MessageComposer.Of(
        kind, transitions[^1].Rule, "", [.. transitions.Select(transition => MessageComposer.Item(transition, null, []))], Noon, transition: transitions.Length == 1 ? transitions[0] : null);
}
