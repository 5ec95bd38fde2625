using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class HostPeopleTests
{
    private const int MaxShares = 3;

    [Fact]
    public void NobodysHost_IsSeenByAdministratorsAlone()
    {
        Assert.Equal(HostAccess.Owner, HostPeople.Nobody.AccessOf(new Viewer(7, IsAdministrator: true)));
        Assert.Equal(HostAccess.None, HostPeople.Nobody.AccessOf(new Viewer(7, IsAdministrator: false)));
    }

    /// <summary>Shares given and taken and owners changed at random, against a dictionary.</summary>
    [Fact]
    public void AnyChanges_GiveEverybodyTheAccessThatWasLastSaid()
    {
        var accounts = Gen.Choose(1, 6).Select(id => (long)id);
        var shares = Gen.Zip(accounts, Gen.Elements(HostAccess.None, HostAccess.Read, HostAccess.Full)).Select(step => (step.Item1, (HostAccess?)step.Item2));
        var owners = accounts.Select(id => (id, (HostAccess?)null));
        Prop.ForAll(Gen.ArrayOf(Gen.Frequency((6, shares), (1, owners))).ToArbitrary(), steps =>
        {
            var people = new HostPeople(1, []);
            var (owner, model) = (1L, new Dictionary<long, HostAccess>());
            foreach (var (account, access) in steps)
            {
                if (access is { } share)
                {
                    var isRefused = share != HostAccess.None && account != owner && !model.ContainsKey(account) && model.Count == MaxShares;
                    var next = people.WithShare(account, share, MaxShares);
                    if (next is null != isRefused) return false;
                    people = next ?? people;
                    if (share == HostAccess.None) model.Remove(account);
                    else if (!isRefused && account != owner) model[account] = share;
                }
                else
                {
                    people = people.WithOwner(account);
                    owner = account;
                    model.Remove(account);
                }

                if (people.OwnerId != owner || people.Shares.Length != model.Count) return false;
                for (var id = 1L; id <= 7; id++)
                {
                    var expected = id == owner ? HostAccess.Owner : model.GetValueOrDefault(id);
                    if (people.AccessOf(new Viewer(id, false)) != expected) return false;
                    if (people.AccessOf(new Viewer(id, true)) != HostAccess.Owner) return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));
    }

    [Fact]
    public void WhatChangesNothing_IsTheSame()
    {
        var people = new HostPeople(1, [new HostShare(2, HostAccess.Read)]);

        Assert.Same(people, people.WithShare(2, HostAccess.Read, MaxShares));
        Assert.Same(people, people.WithShare(3, HostAccess.None, MaxShares));
        Assert.Same(people, people.WithShare(1, HostAccess.Full, MaxShares));
        Assert.Same(people, people.WithOwner(1));
    }

    [Fact]
    public void AHost_HasOneOwner() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HostPeople(1, []).WithShare(2, HostAccess.Owner, MaxShares));

    [Fact]
    public void PeopleFromDifferentPlaces_AreEqual_IfTheyAreTheSame()
    {
        HostPeople Make(HostAccess access) => new(1, [new HostShare(2, access)]);

        Assert.Equal(Make(HostAccess.Read), Make(HostAccess.Read));
        Assert.Equal(Make(HostAccess.Read).GetHashCode(), Make(HostAccess.Read).GetHashCode());
        Assert.NotEqual(Make(HostAccess.Read), Make(HostAccess.Full));
        Assert.NotEqual(Make(HostAccess.Read), Make(HostAccess.Read) with { OwnerId = 3 });
    }
}
