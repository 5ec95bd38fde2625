using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Text;

namespace StatusMonitor.Channels.Telegram;

/// <summary>Why the Bot API did not do something.</summary>
/// <param name="Code">Its error code, or null if there was no answer of it.</param>
/// <param name="Description">In words: the API's, or ours for people.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
/// <param name="MovedTo">The chat's new id, if it has one.</param>
internal sealed record BotFailure(int? Code, string Description, TimeSpan? RetryAfter = null, long? MovedTo = null)
{
    public bool Says(string words) => Description.Contains(words, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What the Bot API answered: a result, or why there is none.</summary>
internal readonly record struct BotReply<T>(T? Result, BotFailure? Failure);

/// <summary>
/// Calls methods of the Bot API. The token is part of every address, so no address and no message of an exception leaves this class; what it cannot say in its own
/// words it does not say.
/// </summary>
internal sealed class BotApi : IDisposable
{
    private const int MaxAnswerBytes = 8 * 1024 * 1024;
    private const int MaxDescription = 200;

    // Few enough that a full answer is far from the limit.
    private const int MaxUpdates = 50;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly HttpClient _http;
    private readonly TelegramOptions _options;

    public BotApi(IOptions<TelegramOptions> options)
    {
        _options = options.Value;

        // The operator said where the API is, so its address is not checked, and the machine's proxy is used.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>What people send that the bot looks at.</summary>
    public static string[] AllowedUpdates { get; } = ["message", "callback_query"];

    public Task<BotReply<BotUser>> GetMeAsync(CancellationToken cancellationToken) =>
        CallAsync("getMe", new Nothing(), BotJson.Default.Nothing, BotJson.Default.BotAnswerBotUser, cancellationToken);

    /// <summary>What came since <paramref name="offset"/>; everything before it is done with for good.</summary>
    public Task<BotReply<BotUpdate[]>> GetUpdatesAsync(long? offset, CancellationToken cancellationToken) => CallAsync(
        "getUpdates",
        new GetUpdates(offset, MaxUpdates, (int)_options.PollWait.TotalSeconds, AllowedUpdates),
        BotJson.Default.GetUpdates,
        BotJson.Default.BotAnswerBotUpdateArray,
        cancellationToken,
        _options.PollWait + _options.RequestTimeout);

    public Task<BotReply<BotMessage>> SendAsync(SendMessage message, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        CallAsync("sendMessage", message, BotJson.Default.SendMessage, BotJson.Default.BotAnswerBotMessage, cancellationToken, timeout);

    public Task<BotReply<BotMessage>> EditAsync(EditMessageText message, CancellationToken cancellationToken) =>
        CallAsync("editMessageText", message, BotJson.Default.EditMessageText, BotJson.Default.BotAnswerBotMessage, cancellationToken);

    public Task<BotReply<bool>> AnswerAsync(AnswerCallbackQuery answer, CancellationToken cancellationToken) =>
        CallAsync("answerCallbackQuery", answer, BotJson.Default.AnswerCallbackQuery, BotJson.Default.BotAnswerBoolean, cancellationToken);

    public Task<BotReply<bool>> SetCommandsAsync(BotCommand[] commands, CancellationToken cancellationToken) =>
        CallAsync("setMyCommands", new SetMyCommands(commands), BotJson.Default.SetMyCommands, BotJson.Default.BotAnswerBoolean, cancellationToken);

    public Task<BotReply<bool>> SetWebhookAsync(string url, CancellationToken cancellationToken) => CallAsync(
        "setWebhook", new SetWebhook(url, _options.WebhookSecret, AllowedUpdates, MaxConnections: 4), BotJson.Default.SetWebhook, BotJson.Default.BotAnswerBoolean, cancellationToken);

    public Task<BotReply<bool>> DeleteWebhookAsync(CancellationToken cancellationToken) =>
        CallAsync("deleteWebhook", new Nothing(), BotJson.Default.Nothing, BotJson.Default.BotAnswerBoolean, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<BotReply<TResult>> CallAsync<TRequest, TResult>(
        string method, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<BotAnswer<TResult>> answerType, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout ?? _options.RequestTimeout);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, $"{_options.ApiUrl.TrimEnd('/')}/bot{_options.Token}/{method}") { Content = JsonContent.Create(request, requestType) };
            // With its length: not every server that stands in for the API takes chunks.
            await message.Content.LoadIntoBufferAsync(deadline.Token);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            var answer = await ReadAsync(response, answerType, deadline.Token);
            return answer is { Ok: true, Result: { } result } ? new BotReply<TResult>(result, null) : new BotReply<TResult>(default, FailureOf(response, answer));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (Failures.IsOfTheWay(exception) || exception is JsonException))
        {
            return new BotReply<TResult>(default, new BotFailure(null, Failures.Of(exception).Error!));
        }
    }

    private static async Task<BotAnswer<TResult>?> ReadAsync<TResult>(HttpResponseMessage response, JsonTypeInfo<BotAnswer<TResult>> type, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (bytes.Length + count > MaxAnswerBytes) throw new InvalidDataException("The answer is too long.");
            bytes.Write(buffer, 0, count);
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), type);
        }
        catch (JsonException) when (!response.IsSuccessStatusCode)
        {
            // A proxy's page; its status says enough.
            return null;
        }
    }

    private BotFailure FailureOf<TResult>(HttpResponseMessage response, BotAnswer<TResult>? answer)
    {
        var code = answer?.ErrorCode ?? (int)response.StatusCode;
        var description = answer?.Description is { Length: > 0 } said ? Texts.Line(said.Replace(_options.Token!, "…", StringComparison.Ordinal), MaxDescription) : $"The Bot API answers {code}.";
        var wait = answer?.Parameters?.RetryAfter is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : response.Headers.RetryAfter?.Delta;
        return new BotFailure(code, description, wait > LongestWait ? LongestWait : wait, answer?.Parameters?.MigrateToChatId);
    }
}
