using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What an account may do with a host; each level includes those before.</summary>
[JsonConverter(typeof(HostAccessConverter))]
public enum HostAccess
{
    /// <summary>Nothing: for it there is no such host.</summary>
    None,

    /// <summary>See it.</summary>
    Read,

    /// <summary>Rename and tag it, and manage its tokens.</summary>
    Full,

    /// <summary>Share and delete it.</summary>
    Owner,
}

/// <summary>Writes it as the word people read: <c>none</c>, <c>read</c>, <c>full</c>, <c>owner</c>.</summary>
public sealed class HostAccessConverter() : JsonStringEnumConverter<HostAccess>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Who looks at hosts.</summary>
/// <param name="Id">Account id.</param>
/// <param name="IsAdministrator">Whether every host is open to it.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.Viewer")]
public sealed record Viewer([property: Id(0)] long Id, [property: Id(1)] bool IsAdministrator);

/// <summary>A host lent to another account.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostShare")]
public readonly record struct HostShare([property: Id(0)] long AccountId, [property: Id(1)] HostAccess Access);

/// <summary>Whose a host is and with whom it is shared. The rule of <see cref="AccessOf"/> is the only one: lists, pages, hubs and streams all ask it.</summary>
/// <param name="OwnerId">Account id of the owner; 0 for a host from before there were accounts, which only administrators see.</param>
/// <param name="Shares">At most one for each account, <see cref="HostAccess.Read"/> or <see cref="HostAccess.Full"/>.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostPeople")]
public sealed record HostPeople([property: Id(0)] long OwnerId, [property: Id(1)] ImmutableArray<HostShare> Shares)
{
    /// <summary>Nobody's host.</summary>
    public static HostPeople Nobody { get; } = new(0, []);

    /// <summary>What somebody may do with the host.</summary>
    public HostAccess AccessOf(Viewer viewer)
    {
        if (viewer.IsAdministrator || viewer.Id == OwnerId) return HostAccess.Owner;
        var place = IndexOf(viewer.Id);
        return place < 0 ? HostAccess.None : Shares[place].Access;
    }

    /// <summary>
    /// The same with an account's share set, or with <see cref="HostAccess.None"/> taken away; itself if that changes nothing. An owner needs no share and gets none.
    /// Null if there would be more than <paramref name="maxShares"/>.
    /// </summary>
    public HostPeople? WithShare(long accountId, HostAccess access, int maxShares)
    {
        if (access is HostAccess.Owner) throw new ArgumentOutOfRangeException(nameof(access), access, "A host has one owner.");

        var place = IndexOf(accountId);
        if (access == HostAccess.None) return place < 0 ? this : this with { Shares = Shares.RemoveAt(place) };
        if (accountId == OwnerId) return this;

        var share = new HostShare(accountId, access);
        if (place >= 0) return Shares[place] == share ? this : this with { Shares = Shares.SetItem(place, share) };
        return Shares.Length < maxShares ? this with { Shares = Shares.Add(share) } : null;
    }

    /// <summary>The same with another owner, who needs no share any more. The one before keeps nothing.</summary>
    public HostPeople WithOwner(long accountId)
    {
        if (accountId == OwnerId) return this;
        var place = IndexOf(accountId);
        return new HostPeople(accountId, place < 0 ? Shares : Shares.RemoveAt(place));
    }

    /// <summary>Whether both name the same people, also if they came from different places.</summary>
    public bool Equals(HostPeople? other) =>
        ReferenceEquals(this, other) || (other is not null && OwnerId == other.OwnerId && Shares.AsSpan().SequenceEqual(other.Shares.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OwnerId, Shares.Length);

    private int IndexOf(long accountId)
    {
        for (var i = 0; i < Shares.Length; i++)
        {
            if (Shares[i].AccountId == accountId) return i;
        }

        return -1;
    }
}
