using System.Text.Json;
using System.Text.Json.Nodes;

namespace StatusMonitor.Gateway.Classic;

/// <summary>The JSON body of a classic request. What is wrong with it is collected, as FastAPI does, and answered with 422 by <see cref="ClassicAnswer"/>.</summary>
internal sealed class ClassicBody
{
    private readonly JsonObject? _fields;
    private readonly List<ClassicError> _errors = [];

    private ClassicBody(JsonObject fields) => _fields = fields;

    private ClassicBody(ClassicError error) => _errors.Add(error);

    /// <summary>What is wrong with the body and with the fields asked for so far.</summary>
    public IReadOnlyList<ClassicError> Errors => _errors;

    public static async Task<ClassicBody> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length == 0) return new ClassicBody(ClassicError.Missing("body", null));

        try
        {
            var node = JsonNode.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            if (node is JsonObject fields)
            {
                // Reads all of it: of names that are there twice it complains only then.
                _ = fields.Count;
                return new ClassicBody(fields);
            }

            return new ClassicBody(new ClassicError("model_attributes_type", ["body"], "Input should be a valid dictionary or object to extract fields from", null));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            var position = (exception as JsonException)?.BytePositionInLine ?? 0;
            return new ClassicBody(new ClassicError("json_invalid", ["body", position], "JSON decode error", new JsonObject(), new JsonObject { ["error"] = "Invalid JSON" }));
        }
    }

    /// <summary>A field that must be there and be text; empty, with an error noted, if it is not.</summary>
    public string Text(string name)
    {
        if (_fields is null) return "";
        if (!_fields.TryGetPropertyValue(name, out var value))
        {
            _errors.Add(ClassicError.Missing("body", name));
            return "";
        }

        if (TextOf(value) is { } text) return text;
        _errors.Add(ClassicError.NoText("body", name));
        return "";
    }

    private static string? TextOf(JsonNode? value)
    {
        try
        {
            return value is JsonValue text && text.TryGetValue<string>(out var found) ? found : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which no text holds.
            return null;
        }
    }
}
