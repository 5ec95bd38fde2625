using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StatusMonitor.Agent.Configuration;

/// <summary>The configuration file; keys that are not ours (the desktop agent's) are passed over.</summary>
internal sealed class ConfigFile
{
    public const string ServerUrl = "server_url";
    public const string ServerUrls = "server_urls";
    public const string AgentToken = "agent_token";
    public const string Interval = "interval";
    public const string Spool = "spool";
    public const string SpoolSizeMib = "spool_size_mib";

    // The names and texts of other keys stay as they can be read; nothing of it is ever put into a page.
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private JsonElement? _root;

    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>What stands under a key; null if nothing does, or an empty text.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isRequired">Whether it is an error if there is none.</param>
    /// <exception cref="UsageException">It cannot be read or understood; the message names file, line and key.</exception>
    public static ConfigFile Read(string path, bool isRequired)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (!isRequired && exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ConfigFile { Path = path };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration file {path} cannot be read: {exception.Message}");
        }

        return Parse(path, bytes);
    }

    /// <summary>The file's text with other servers and another token; every other key stays, comments do not.</summary>
    public byte[] With(IReadOnlyList<string> servers, string token)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Format))
        {
            json.WriteStartObject();
            if (servers is [var server])
            {
                json.WriteString(ServerUrl, server);
            }
            else
            {
                json.WriteStartArray(ServerUrls);
                foreach (var one in servers) json.WriteStringValue(one);
                json.WriteEndArray();
            }

            json.WriteString(AgentToken, token);
            if (_root is { } root)
            {
                foreach (var property in root.EnumerateObject())
                {
                    if (property.Name is not (ServerUrl or ServerUrls or AgentToken)) property.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        text.Write("\n"u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Reads a text that stands in a file; comments and trailing commas are welcome.</summary>
    /// <exception cref="UsageException">As <see cref="Read"/>.</exception>
    internal static ConfigFile Parse(string path, ReadOnlyMemory<byte> json)
    {
        // Some editors begin a file with a byte order mark.
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new UsageException($"The configuration file {path} is not a JSON object.");

            var file = new ConfigFile { Path = path, _root = document.RootElement.Clone() };
            file.Take(document.RootElement, ServerUrl, JsonValueKind.String);
            file.TakeServers(document.RootElement);
            file.Take(document.RootElement, AgentToken, JsonValueKind.String);
            file.Take(document.RootElement, Interval, JsonValueKind.Number);
            file.Take(document.RootElement, Spool, JsonValueKind.String);
            file.Take(document.RootElement, SpoolSizeMib, JsonValueKind.Number);
            return file;
        }
        catch (JsonException exception)
        {
            // The reader's own message would show what stands there, which may be the token.
            throw new UsageException($"The configuration file {path} is not valid JSON: see line {exception.LineNumber + 1}.");
        }
    }

    private void TakeServers(JsonElement root)
    {
        if (!root.TryGetProperty(ServerUrls, out var value) || value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(static one => one.ValueKind != JsonValueKind.String))
        {
            throw new UsageException($"{ServerUrls} in {Path} must be a list of texts in quotes: [\"https://…\", \"https://…\"].");
        }

        // An enrolment writes one of them; two would leave it open which of them counts.
        if (_values.ContainsKey(ServerUrl)) throw new UsageException($"{Path} has both {ServerUrl} and {ServerUrls}: keep one of them.");
        var servers = string.Join(',', value.EnumerateArray().Select(static one => one.GetString()));
        if (servers.Length > 0) _values[ServerUrls] = servers;
    }

    private void Take(JsonElement root, string key, JsonValueKind wanted)
    {
        if (!root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind == JsonValueKind.String)
        {
            // A number in quotes is plain enough; it is checked like any other.
            if (value.GetString() is { Length: > 0 } text) _values[key] = text;
        }
        else if (value.ValueKind == wanted)
        {
            _values[key] = value.GetRawText();
        }
        else
        {
            throw new UsageException($"{key} in {Path} must be {(wanted == JsonValueKind.Number ? "a number" : "a text in quotes")}.");
        }
    }
}
