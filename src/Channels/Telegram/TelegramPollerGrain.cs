using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>How the bot is.</summary>
/// <param name="Bot">Its user name, or null until it has told it.</param>
/// <param name="Problem">Why it does not work, in a sentence; or null.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TelegramStatus")]
public sealed record TelegramStatus([property: Id(0)] string? Bot, [property: Id(1)] string? Problem);

/// <summary>
/// Hears what people send to the bot. There is one in a cluster, with the key 0, because Telegram tells one listener only; a reminder brings it back on another server when its own is gone.
/// </summary>
[Alias("StatusMonitor.ITelegramPollerGrain")]
public interface ITelegramPollerGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to listen, if it does not.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>How the bot is.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<TelegramStatus> GetStatus();

    /// <summary>Takes an update that Telegram brought, as JSON. False if it is none. What is done already is not done again.</summary>
    [Alias("Take")]
    Task<bool> Take(string update);
}

/// <inheritdoc cref="ITelegramPollerGrain"/>
[KeepAlive]
internal sealed partial class TelegramPollerGrain(
    [PersistentState("telegram-poller")] IPersistentState<TelegramPollerState> state,
    BotApi api,
    BotUpdates updates,
    IOptions<TelegramOptions> options,
    IOptions<ChannelOptions> channels,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<TelegramPollerGrain> logger) : Grain, ITelegramPollerGrain, IRemindable
{
    private const string Reminder = "poll";
    private const int MaxTries = 5;
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterBadToken = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PerUpdate = TimeSpan.FromSeconds(30);

    private readonly StoredState<TelegramPollerState> _state = new(state);
    private readonly TelegramOptions _options = options.Value;
    private readonly Dictionary<long, int> _tries = [];
    private Task _noting = Task.CompletedTask;
    private IGrainTimer? _timer;
    private string? _bot;
    private bool _isSetUp;
    private string? _problem = "Telegram has not answered yet.";
    private int _failures;

    /// <inheritdoc/>
    public async Task Start()
    {
        if (!_options.IsConfigured) return;
        Listen();
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_options.IsConfigured) Listen();
        else if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    /// <inheritdoc/>
    public Task<TelegramStatus> GetStatus() => Task.FromResult(new TelegramStatus(_bot, _problem));

    /// <inheritdoc/>
    public async Task<bool> Take(string update)
    {
        BotUpdate? read;
        try
        {
            read = JsonSerializer.Deserialize(update, BotJson.Default.BotUpdate);
        }
        catch (JsonException)
        {
            return false;
        }

        if (read is not { UpdateId: > 0 }) return false;
        if (!_state.Value.IsDone(read.UpdateId)) await HandleAsync(read, CancellationToken.None);
        return true;
    }

    // Interleaved: people ask how the bot is while it waits for news.
    private void Listen() => _timer ??= this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });

    private async Task Tick(CancellationToken cancellationToken)
    {
        var pause = LongestBackOff;
        try
        {
            pause = await ListenAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (InconsistentStateException)
        {
            // Another activation listens now.
            DeactivateOnIdle();
            return;
        }
        catch (Exception exception)
        {
            pause = BackOff();
            Log.Failed(logger, exception, pause.TotalSeconds);
        }

        _timer?.Change(pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for news once and does what they say. Gives how long to wait before the next time.</summary>
    private async Task<TimeSpan> ListenAsync(CancellationToken cancellationToken)
    {
        if (!_isSetUp && await SetUpAsync(cancellationToken) is { } failure) return Failed(failure);
        if (_options.UsesWebhook) return Timeout.InfiniteTimeSpan;

        var asked = _state.Value.OffsetAt(time.GetUtcNow());
        var news = await api.GetUpdatesAsync(asked, cancellationToken);
        if (news.Result is not { } batch) return Failed(news.Failure!);

        (_failures, _problem) = (0, null);
        if (batch.Length == 0) return TimeSpan.Zero;

        var done = await Task.WhenAll(batch.GroupBy(ChatOf).Select(chat => DoAsync([.. chat], cancellationToken)));
        if (!Array.TrueForAll(done, isDone => isDone)) return BackOff();
        await NoteAsync(before => before.After(batch.Select(update => update.UpdateId), time.GetUtcNow()));
        return TimeSpan.Zero;
    }

    private async Task<BotFailure?> SetUpAsync(CancellationToken cancellationToken)
    {
        var me = await api.GetMeAsync(cancellationToken);
        if (me.Failure is not null) return me.Failure;
        _bot = me.Result!.Username;
        if ((await api.SetCommandsAsync(ChatAnswers.Commands, cancellationToken)).Failure is { } commands) return commands;

        // Telegram answers no questions while it knows a webhook, also one of an earlier start.
        var way = _options.UsesWebhook ? await api.SetWebhookAsync(channels.Value.LinkTo(TelegramOptions.WebhookPath)!, cancellationToken) : await api.DeleteWebhookAsync(cancellationToken);
        if (way.Failure is not null) return way.Failure;
        (_isSetUp, _problem, _failures) = (true, null, 0);
        Log.Listens(logger, _bot);
        return null;
    }

    /// <summary>The chat whose updates one belongs among; that a group got another id is news of the new one, and comes before what is said there.</summary>
    private static long? ChatOf(BotUpdate update) => update.Message?.MigrateToChatId ?? update.Message?.Chat.Id ?? update.CallbackQuery?.Message?.Chat.Id;

    /// <summary>Updates of one chat, in their order. False if one is to be tried again; those after it wait for it.</summary>
    private async Task<bool> DoAsync(BotUpdate[] batch, CancellationToken cancellationToken)
    {
        foreach (var update in batch.Where(update => !_state.Value.IsDone(update.UpdateId)))
        {
            try
            {
                await HandleAsync(update, cancellationToken);
            }
            catch (Exception exception) when (exception is not InconsistentStateException && !cancellationToken.IsCancellationRequested)
            {
                var tries = _tries[update.UpdateId] = _tries.GetValueOrDefault(update.UpdateId) + 1;
                Log.NotDone(logger, exception, update.UpdateId, tries);
                if (tries < MaxTries) return false;

                // Nobody else's words may wait for ever behind it.
                _tries.Remove(update.UpdateId);
                await NoteAsync(before => before.With(update.UpdateId, time.GetUtcNow()));
            }
        }

        return true;
    }

    private async Task HandleAsync(BotUpdate update, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(PerUpdate);
        await updates.HandleAsync(update, _bot, deadline.Token);
        await NoteAsync(before => before.With(update.UpdateId, time.GetUtcNow()));
        _tries.Remove(update.UpdateId);
    }

    /// <summary>Updates of different chats are done at once; what is noted of them is stored one after the other.</summary>
    private Task NoteAsync(Func<TelegramPollerState, TelegramPollerState> change)
    {
        return _noting = AfterAsync(_noting);

        async Task AfterAsync(Task earlier)
        {
            // If it failed, its own caller knows.
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            var next = change(_state.Value);
            if (next != _state.Value) await _state.Store(next);
        }
    }

    /// <summary>What to wait after a failure, which is said once until there is another.</summary>
    private TimeSpan Failed(BotFailure failure)
    {
        var (problem, pause) = failure.Code switch
        {
            401 or 404 => ("Telegram does not know the bot's token.", AfterBadToken),
            409 => ("Somebody else listens with the same bot: each server needs one of its own.", _options.AfterConflict),
            429 => ("Telegram asks to be left alone for a while.", failure.RetryAfter ?? BackOff()),
            null => ($"Telegram could not be reached. {failure.Description}", BackOff()),
            _ => ($"Telegram says: {failure.Description}", failure.RetryAfter ?? BackOff()),
        };
        if (problem != _problem) Log.Trouble(logger, problem);
        _problem = problem;
        return pause;
    }

    private TimeSpan BackOff()
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_failures++, 6)));
        return pause < LongestBackOff ? pause : LongestBackOff;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The Telegram bot @{Bot} listens.")]
        public static partial void Listens(ILogger logger, string? bot);

        [LoggerMessage(LogLevel.Warning, "{Problem} Trying again.")]
        public static partial void Trouble(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "The update {Update} of Telegram could not be done, for the time {Tries}.")]
        public static partial void NotDone(ILogger logger, Exception exception, long update, int tries);

        [LoggerMessage(LogLevel.Warning, "Listening to Telegram failed; trying again in {Seconds} s.")]
        public static partial void Failed(ILogger logger, Exception exception, double seconds);
    }
}
