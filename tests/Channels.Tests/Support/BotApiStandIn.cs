using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace StatusMonitor.Channels.Tests.Support;

/// <summary>A call of a method, with what it was given.</summary>
internal sealed record BotCall(string Method, JsonElement Body, string Raw)
{
    public string Chat => Body.GetProperty("chat_id").GetString()!;

    public string Text => Body.GetProperty("text").GetString()!;

    /// <summary>The text as people read it.</summary>
    public string Shown => WebUtility.HtmlDecode(Regex.Replace(Text, "</?b>", ""));

    /// <summary>The buttons, row by row.</summary>
    public string[][] Buttons => !Body.TryGetProperty("reply_markup", out var markup)
        ? []
        : [.. markup.GetProperty("inline_keyboard").EnumerateArray().Select(row => row.EnumerateArray().Select(button => button.GetProperty("text").GetString()!).ToArray())];

    public string? Data(string button) => Find(button).GetProperty("callback_data").GetString();

    public string? Url(string button) => Find(button).GetProperty("url").GetString();

    private JsonElement Find(string text) => Body.GetProperty("reply_markup").GetProperty("inline_keyboard").EnumerateArray().SelectMany(row => row.EnumerateArray())
        .Single(button => button.GetProperty("text").GetString()!.Contains(text, StringComparison.Ordinal));
}

/// <summary>
/// A server that speaks the Bot API's wire format as Telegram's does: it checks token, chats, lengths and markup, numbers messages and updates, keeps a question for news open until there are some,
/// and gives updates again until they are asked for from behind them. It can be told to fail.
/// </summary>
internal sealed class BotApiStandIn : IAsyncDisposable
{
    public const string Token = "123456789:AAtesttoken-never_logged";
    public const string BotName = "example_bot";

    private readonly HttpStandIn _http;
    private readonly Lock _gate = new();
    private readonly List<(long Id, JsonNode Update)> _updates = [];
    private readonly HashSet<string> _chats = [];
    private readonly Dictionary<string, string> _messages = [];
    private readonly Channel<BotCall> _said = Channel.CreateUnbounded<BotCall>();
    private readonly List<BotCall> _calls = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nextUpdate = 700_000;
    private long _nextMessage = 100;
    private int _polls;

    private BotApiStandIn(HttpStandIn http)
    {
        _http = http;
        _http.Answer = HandleAsync;
    }

    /// <summary>Answers a call in place of the usual; gives true if it did.</summary>
    public Func<BotCall, HttpContext, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    public string Address => _http.Address.ToString();

    /// <summary>The most questions for news that were open at once.</summary>
    public int MostPolls { get; private set; }

    public IReadOnlyList<BotCall> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    public static async Task<BotApiStandIn> StartAsync() => new(await HttpStandIn.StartAsync());

    /// <summary>An error as the API gives it.</summary>
    public static Func<BotCall, HttpContext, Task<bool>> Error(string method, int code, string description, string? parameters = null) => async (call, context) =>
    {
        if (call.Method != method) return false;
        await FailAsync(context, code, description, parameters);
        return true;
    };

    /// <summary>A chat that there is.</summary>
    public BotApiStandIn WithChat(string id)
    {
        lock (_gate) _chats.Add(id);
        return this;
    }

    /// <summary>Somebody writes in a chat.</summary>
    public long Write(long chat, string text, string? title = null, string? user = "Anna", DateTimeOffset? at = null)
    {
        WithChat($"{chat}");
        return Add("message", new JsonObject
        {
            ["message_id"] = 7,
            ["from"] = user is null ? null : User(user),
            ["chat"] = Chat(chat, title),
            ["date"] = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds(),
            ["text"] = text,
            ["entities"] = new JsonArray(),
        });
    }

    /// <summary>Somebody presses a button.</summary>
    public long Press(long chat, string data, string user = "Anna") => Add("callback_query", new JsonObject
    {
        ["id"] = "4382bfdwdsb323b2d9",
        ["from"] = User(user),
        ["message"] = new JsonObject { ["message_id"] = 100, ["chat"] = Chat(chat, null), ["date"] = 0 },
        ["data"] = data,
        ["chat_instance"] = "1",
    });

    /// <summary>A group becomes a supergroup.</summary>
    public long Migrate(long from, long to)
    {
        WithChat($"{to}");
        return Add("message", new JsonObject { ["message_id"] = 8, ["chat"] = Chat(from, "ops"), ["date"] = 1, ["migrate_to_chat_id"] = to });
    }

    /// <summary>The JSON of an update, as a webhook gets it.</summary>
    public static string UpdateJson(long id, long chat, string text) => new JsonObject
    {
        ["update_id"] = id,
        ["message"] = new JsonObject { ["message_id"] = 7, ["from"] = User("Anna"), ["chat"] = Chat(chat, null), ["date"] = 1, ["text"] = text },
    }.ToJsonString();

    /// <summary>The next message or change of one, or answer to a press, in the order they were taken.</summary>
    public Task<BotCall> NextAsync(string what = "a message of the bot") => Patience.For(_said.Reader.ReadAsync().AsTask(), what);

    /// <summary>What was said and not looked at yet.</summary>
    public IReadOnlyList<BotCall> Rest()
    {
        var rest = new List<BotCall>();
        while (_said.Reader.TryRead(out var call)) rest.Add(call);
        return rest;
    }

    /// <summary>Waits until all that people sent is done with.</summary>
    public Task AllHeardAsync() => Patience.Until(
        () =>
        {
            lock (_gate) return Task.FromResult(_updates.Count == 0);
        },
        "the bot has asked from behind the last update");

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private static JsonObject User(string name) => new() { ["id"] = 42, ["is_bot"] = false, ["first_name"] = name, ["language_code"] = "en" };

    private static JsonObject Chat(long id, string? title) => id > 0
        ? new JsonObject { ["id"] = id, ["type"] = "private", ["first_name"] = "Anna" }
        : new JsonObject { ["id"] = id, ["type"] = "group", ["title"] = title ?? "ops" };

    private static async Task FailAsync(HttpContext context, int code, string description, string? parameters = null)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        var more = parameters is null ? "" : $",\"parameters\":{parameters}";
        await context.Response.WriteAsync($"{{\"ok\":false,\"error_code\":{code},\"description\":{JsonSerializer.Serialize(description)}{more}}}");
    }

    private static async Task SucceedAsync(HttpContext context, JsonNode result)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["ok"] = true, ["result"] = result }.ToJsonString());
    }

    /// <summary>What Telegram finds wrong with a text, or null.</summary>
    private static string? Problem(string text, string? parseMode)
    {
        var plain = text;
        if (parseMode == "HTML")
        {
            if (Regex.IsMatch(Regex.Replace(text, "</?b>", ""), "[<>]|&(?!lt;|gt;|amp;|quot;)")) return "Bad Request: can't parse entities: unsupported start tag";
            plain = WebUtility.HtmlDecode(Regex.Replace(text, "</?b>", ""));
        }
        else if (parseMode == "Markdown")
        {
            var unescaped = Regex.Replace(text, @"\\[_*`\[]", "");
            if (unescaped.Count(c => c == '*') % 2 == 1 || unescaped.Count(c => c == '_') % 2 == 1 || unescaped.Contains('[') || unescaped.Count(c => c == '`') % 2 == 1) return "Bad Request: can't parse entities: can't find end of the entity";
        }

        return plain.Length switch { 0 => "Bad Request: message text is empty", > 4096 => "Bad Request: message is too long", _ => null };
    }

    private static string? Problem(JsonElement body) => body.TryGetProperty("reply_markup", out var markup) ? ButtonProblem(markup) : null;

    private static string? ButtonProblem(JsonElement markup)
    {
        foreach (var button in markup.GetProperty("inline_keyboard").EnumerateArray().SelectMany(row => row.EnumerateArray()))
        {
            if (button.TryGetProperty("callback_data", out var data) && System.Text.Encoding.UTF8.GetByteCount(data.GetString()!) is 0 or > 64) return "Bad Request: BUTTON_DATA_INVALID";
            if (button.TryGetProperty("url", out var url) && (new Uri(url.GetString()!).IsLoopback || !url.GetString()!.Contains('.'))) return "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL";
        }

        return null;
    }

    private long Add(string kind, JsonObject what)
    {
        lock (_gate)
        {
            var id = _nextUpdate++;
            _updates.Add((id, new JsonObject { ["update_id"] = id, [kind] = what }));
            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return id;
        }
    }

    private async Task HandleAsync(ReceivedRequest request, HttpContext context)
    {
        if (request.Path.Split('/') is not ["", var bot, var method] || bot != $"bot{Token}")
        {
            await FailAsync(context, 401, "Unauthorized");
            return;
        }

        var raw = System.Text.Encoding.UTF8.GetString(request.Body);
        var call = new BotCall(method, JsonDocument.Parse(raw.Length == 0 ? "{}" : raw).RootElement, raw);
        lock (_gate) _calls.Add(call);
        if (await Fault(call, context)) return;
        switch (method)
        {
            case "getMe":
                await SucceedAsync(context, new JsonObject { ["id"] = 123456789, ["is_bot"] = true, ["first_name"] = "Example", ["username"] = BotName });
                break;
            case "getUpdates":
                await PollAsync(call, context);
                break;
            case "sendMessage":
                await SendAsync(call, context);
                break;
            case "editMessageText":
                await EditAsync(call, context);
                break;
            case "answerCallbackQuery" or "setMyCommands" or "deleteWebhook" or "setWebhook":
                await SucceedAsync(context, true);
                if (method == "answerCallbackQuery") _said.Writer.TryWrite(call);
                break;
            default:
                await FailAsync(context, 404, "Not Found");
                break;
        }
    }

    private async Task PollAsync(BotCall call, HttpContext context)
    {
        Task news;
        lock (_gate)
        {
            if (call.Body.TryGetProperty("offset", out var offset)) _updates.RemoveAll(update => update.Id < offset.GetInt64());
            news = _updates.Count > 0 ? Task.CompletedTask : _news.Task;
            MostPolls = Math.Max(MostPolls, ++_polls);
        }

        try
        {
            await Task.WhenAny(news, Task.Delay(TimeSpan.FromSeconds(call.Body.GetProperty("timeout").GetInt32()), context.RequestAborted));
            if (context.RequestAborted.IsCancellationRequested) return;
            JsonArray found;
            lock (_gate) found = [.. _updates.Take(call.Body.GetProperty("limit").GetInt32()).Select(update => update.Update.DeepClone())];
            await SucceedAsync(context, found);
        }
        finally
        {
            lock (_gate) _polls--;
        }
    }

    private async Task SendAsync(BotCall call, HttpContext context)
    {
        var problem = Problem(call.Text, call.Body.GetProperty("parse_mode").GetString()) ?? Problem(call.Body);
        long id;
        lock (_gate)
        {
            if (!_chats.Contains(call.Chat)) problem = "Bad Request: chat not found";
            id = _nextMessage++;
            if (problem is null) _messages[$"{call.Chat}:{id}"] = call.Raw;
        }

        if (problem is not null)
        {
            await FailAsync(context, 400, problem);
            return;
        }

        await SucceedAsync(context, Message(call, id));
        _said.Writer.TryWrite(call);
    }

    private async Task EditAsync(BotCall call, HttpContext context)
    {
        var problem = Problem(call.Text, call.Body.GetProperty("parse_mode").GetString()) ?? Problem(call.Body);
        var id = call.Body.GetProperty("message_id").GetInt64();
        lock (_gate)
        {
            var key = $"{call.Chat}:{id}";
            if (!_messages.TryGetValue(key, out var before)) problem = "Bad Request: message to edit not found";
            else if (before == call.Raw) problem = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
            else if (problem is null) _messages[key] = call.Raw;
        }

        if (problem is not null)
        {
            await FailAsync(context, 400, problem);
            return;
        }

        await SucceedAsync(context, Message(call, id));
        _said.Writer.TryWrite(call);
    }

    private static JsonObject Message(BotCall call, long id) => new()
    {
        ["message_id"] = id,
        ["from"] = new JsonObject { ["id"] = 123456789, ["is_bot"] = true, ["first_name"] = "Example", ["username"] = BotName },
        ["chat"] = new JsonObject { ["id"] = long.TryParse(call.Chat, out var chat) ? chat : -1001, ["type"] = "private" },
        ["date"] = 1,
        ["text"] = call.Text,
    };
}
