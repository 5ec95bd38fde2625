using StatusMonitor.Gateway.Access;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>Hashing and checking passwords.</summary>
public sealed class PasswordHasherTests : IDisposable
{
    private const string Password = "ein Paßwort mit Ümläuten 🔑";
    private readonly PasswordHasher _hasher = new(Options(8, 1));

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public async Task Hash_IsArgon2idWithItsParametersAndASaltOfItsOwn()
    {
        var hash = await _hasher.HashAsync(Password, CancellationToken.None);
        Assert.StartsWith("$argon2id$v=19$m=8,t=1,p=1$", hash, StringComparison.Ordinal);
        Assert.NotEqual(hash, await _hasher.HashAsync(Password, CancellationToken.None));
        Assert.True(await _hasher.VerifyAsync(Password, hash, CancellationToken.None));
    }

    [Fact]
    public async Task Defaults_AreThreePassesOverSixtyFourMebibytes()
    {
        using var hasher = new PasswordHasher(new ServerOptions());
        Assert.StartsWith("$argon2id$v=19$m=65536,t=3,p=1$", await hasher.HashAsync(Password, CancellationToken.None), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ein Paßwort mit Ümläuten 🔒")]
    [InlineData("ein Paßwort mit Ümläuten 🔑 ")]
    [InlineData("EIN PAßWORT MIT ÜMLÄUTEN 🔑")]
    public async Task AnotherPassword_IsNotIt(string other) =>
        Assert.False(await _hasher.VerifyAsync(other, await _hasher.HashAsync(Password, CancellationToken.None), CancellationToken.None));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no hash")]
    [InlineData("$argon2id$v=19$m=8,t=1,p=1$")]
    [InlineData("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$é")]
    public async Task WithoutAHash_NothingIsIt(string? hash)
    {
        Assert.False(await _hasher.VerifyAsync(Password, hash, CancellationToken.None));
        Assert.False(await _hasher.VerifyAsync("", hash, CancellationToken.None));
    }

    [Fact]
    public async Task HashOfAnotherProgram_IsUnderstood() =>
        // Of the reference implementation's own tests: argon2id, 2^16 KiB, 2 passes, "password" and "somesalt".
        Assert.True(await _hasher.VerifyAsync("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", CancellationToken.None));

    [Fact]
    public async Task OtherParameters_NeedAnotherHash()
    {
        var hash = await _hasher.HashAsync(Password, CancellationToken.None);
        Assert.False(_hasher.NeedsRehash(hash));
        using var more = new PasswordHasher(Options(16, 1));
        Assert.True(more.NeedsRehash(hash));
        using var longer = new PasswordHasher(Options(8, 2));
        Assert.True(longer.NeedsRehash(hash));
        Assert.True(_hasher.NeedsRehash("no hash"));
        Assert.True(await more.VerifyAsync(Password, hash, CancellationToken.None));
    }

    [Fact]
    public async Task MoreThanMayWait_AreRefusedAndTheOthersServed()
    {
        // 4 MiB and 50 passes: long enough that all are there before the first is done.
        using var slow = new PasswordHasher(Options(4096, 50));
        var accepted = new List<Task<string>>();
        var refused = 0;
        for (var i = 0; i < 2 * PasswordHasher.MaxWaiting; i++)
        {
            try
            {
                accepted.Add(slow.HashAsync(Password, CancellationToken.None));
            }
            catch (PasswordsBusyException)
            {
                refused++;
            }
        }

        Assert.InRange(accepted.Count, PasswordHasher.MaxWaiting - 1, 2 * PasswordHasher.MaxWaiting - 1);
        Assert.True(refused > 0);
        await Task.WhenAll(accepted);
        Assert.NotEmpty(await slow.HashAsync(Password, CancellationToken.None));
    }

    [Fact]
    public async Task NobodyWaitsAnyMore_ItIsNotDone()
    {
        using var slow = new PasswordHasher(Options(4096, 50));
        var first = Enumerable.Range(0, 8).Select(_ => slow.HashAsync(Password, CancellationToken.None)).ToArray();
        using var gone = new CancellationTokenSource();
        var left = slow.HashAsync(Password, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Task.WhenAll(first);
    }

    private static ServerOptions Options(int memoryKib, int passes) => new() { PasswordMemoryKib = memoryKib, PasswordPasses = passes };
}
