using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Telegram;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Where Telegram brings what people send to the bot, if the server does not ask for it.</summary>
internal static class TelegramWebhook
{
    private const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    // Far more than a message has.
    private const int MaxBytes = 1024 * 1024;

    public static void MapTelegramWebhook(this IEndpointRouteBuilder routes) => routes.MapPost(TelegramOptions.WebhookPath, Take).ExcludeFromDescription();

    private static async Task<IResult> Take(HttpContext context, IGrainFactory grains, IOptions<TelegramOptions> options)
    {
        if (options.Value is not { IsConfigured: true, UsesWebhook: true } telegram) return Results.NotFound();
        var shown = Encoding.UTF8.GetBytes(context.Request.Headers[SecretHeader].ToString());
        if (!CryptographicOperations.FixedTimeEquals(shown, Encoding.UTF8.GetBytes(telegram.WebhookSecret))) return Problems.NotAllowed().ToResult();

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            // Refused, it would be brought again for ever, and nothing behind it.
            if (body.Length + count > MaxBytes) return Results.Ok();
            body.Write(buffer, 0, count);
        }

        // What is no update is none the next time either.
        await grains.GetGrain<ITelegramPollerGrain>(0).Take(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
        return Results.Ok();
    }
}
