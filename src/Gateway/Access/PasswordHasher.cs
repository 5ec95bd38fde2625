using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StatusMonitor.Gateway.Access;

/// <summary>More passwords wait to be hashed or checked than may, or the memory for it is not there.</summary>
internal sealed class PasswordsBusyException : Exception
{
    public PasswordsBusyException() : base("Too many passwords wait to be checked.")
    {
    }

    public PasswordsBusyException(Exception innerException) : base("There is no memory to check a password.", innerException)
    {
    }
}

/// <summary>
/// Hashes and checks passwords with Argon2id. Each takes a good part of a second and 64 MiB, so it is done on a few threads of its own: neither the pool that
/// answers agents nor a grain's turn waits for it, and the memory is bounded. What would wait too long is refused.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    /// <summary>Passwords that may wait: some seconds' worth.</summary>
    public const int MaxWaiting = 64;
    private const int MaxThreads = 4;

    private readonly BlockingCollection<Action> _waiting = new(MaxWaiting);
    private readonly Thread[] _threads;
    private readonly int _memoryKib;
    private readonly int _passes;
    private volatile Task<string> _nobodysHash;
    private volatile bool _isStopping;

    /// <exception cref="StartFailedException">libsodium is not there.</exception>
    public PasswordHasher(ServerOptions options)
    {
        Sodium.Load();
        _memoryKib = options.PasswordMemoryKib;
        _passes = options.PasswordPasses;
        _threads = [.. Enumerable.Range(1, Math.Min(Environment.ProcessorCount, MaxThreads)).Select(number => new Thread(Work) { IsBackground = true, Name = $"passwords-{number}" })];
        foreach (var thread in _threads) thread.Start();
        _nobodysHash = HashNobodysAsync();
    }

    /// <summary>Passwords that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Hashes a password; gives a PHC string.</summary>
    /// <exception cref="PasswordsBusyException">Too many wait.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) => RunAsync(() => Sodium.Hash(password, _memoryKib, _passes), cancellationToken);

    /// <summary>
    /// Whether a password is that of a hash. Without a hash it is not, and it takes as long: how long an answer takes does not tell whether there
    /// is such an account.
    /// </summary>
    /// <exception cref="PasswordsBusyException">Too many wait.</exception>
    public async Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken)
    {
        // Made anew if there was no memory for it: else the answer would differ for good.
        if (_nobodysHash.IsFaulted) _nobodysHash = HashNobodysAsync();
        var compared = hash ?? await _nobodysHash;
        var isRight = await RunAsync(() => Sodium.Verify(compared, password), cancellationToken);
        return isRight && hash is not null;
    }

    /// <summary>Whether a hash was made with other parameters than are set now.</summary>
    public bool NeedsRehash(string hash) => Sodium.NeedsRehash(hash, _memoryKib, _passes);

    public void Dispose()
    {
        _isStopping = true;
        _waiting.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _waiting.Dispose();
    }

    private Task<string> HashNobodysAsync() => HashAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), CancellationToken.None);

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.TryAdd(Run) ? done.Task : throw new PasswordsBusyException();

        void Run()
        {
            // Nobody waits for it any more.
            if (_isStopping || cancellationToken.IsCancellationRequested)
            {
                done.SetCanceled(cancellationToken);
                return;
            }

            try
            {
                done.SetResult(work());
            }
            catch (InsufficientMemoryException exception)
            {
                done.SetException(new PasswordsBusyException(exception));
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    private void Work()
    {
        foreach (var run in _waiting.GetConsumingEnumerable()) run();
    }
}
