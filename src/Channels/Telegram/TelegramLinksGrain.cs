using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>A code that links a chat to an account.</summary>
/// <param name="Code">What is sent to the bot; not kept.</param>
/// <param name="ExpiresAt">Until when.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramLinkCode")]
public sealed record TelegramLinkCode([property: Id(0)] string Code, [property: Id(1)] DateTimeOffset ExpiresAt);

/// <summary>The codes that are open; there is one, with the key 0. A code is good once, for ten minutes, and kept as its hash.</summary>
[Alias("StatusMonitor.ITelegramLinksGrain")]
public interface ITelegramLinksGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a code for an account. Its oldest open one ends if it would have more than five. Null if too many are open in all.</summary>
    [Alias("Issue")]
    Task<TelegramLinkCode?> Issue(long accountId);

    /// <summary>Uses a code up for a chat and gives its account, or null. The same chat may show it again in its time: it may not know that it was heard.</summary>
    [Alias("Redeem")]
    Task<long?> Redeem(string code, long chatId);
}

/// <inheritdoc cref="ITelegramLinksGrain"/>
public sealed class TelegramLinksGrain(
    [PersistentState("telegram-links")] IPersistentState<TelegramLinksState> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, ITelegramLinksGrain
{
    private const int MaxOfAccount = 5;
    private const int MaxCodes = 2000;
    private const int CodeLength = 16;

    // 32 letters and digits that nobody takes for one another, so 80 bits.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly StoredState<TelegramLinksState> _state = new(state);

    /// <inheritdoc/>
    public async Task<TelegramLinkCode?> Issue(long accountId)
    {
        var now = time.GetUtcNow();
        var open = Open(now);
        if (open.Count(link => link.AccountId == accountId) >= MaxOfAccount) open = open.Remove(open.First(link => link.AccountId == accountId));
        if (open.Length >= MaxCodes) return null;

        var code = RandomNumberGenerator.GetString(Alphabet, CodeLength);
        await _state.Store(new TelegramLinksState { Links = open.Add(new TelegramLink(Hash(code), accountId, now + Lifetime, null)) });
        return new TelegramLinkCode(code, now + Lifetime);
    }

    /// <inheritdoc/>
    public async Task<long?> Redeem(string code, long chatId)
    {
        var open = Open(time.GetUtcNow());
        var hash = Hash(code.Trim().ToUpperInvariant());
        var place = open.IndexOf(open.FirstOrDefault(link => link.Hash == hash)!);
        if (place < 0 || open[place].ChatId is { } other && other != chatId) return null;

        if (open[place].ChatId is null) await _state.Store(new TelegramLinksState { Links = open.SetItem(place, open[place] with { ChatId = chatId }) });
        return open[place].AccountId;
    }

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private ImmutableArray<TelegramLink> Open(DateTimeOffset now) => _state.Value.Links.RemoveAll(link => link.ExpiresAt <= now);
}

/// <summary>What is stored of them.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramLinksState")]
public sealed class TelegramLinksState
{
    /// <summary>The codes, oldest first; some may have expired.</summary>
    [Id(0)]
    public ImmutableArray<TelegramLink> Links { get; init; } = [];
}

/// <summary>A code.</summary>
/// <param name="Hash">SHA-256 of it, hexadecimal.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="ChatId">The chat that used it, or null.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramLink")]
public sealed record TelegramLink([property: Id(0)] string Hash, [property: Id(1)] long AccountId, [property: Id(2)] DateTimeOffset ExpiresAt, [property: Id(3)] long? ChatId);
