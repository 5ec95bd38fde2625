using System.Globalization;
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

    /// <summary>A field that must be there and be text or an integer, as text.</summary>
    public string TextOrInteger(string name)
    {
        if (_fields?[name] is not JsonValue number || number.GetValueKind() != JsonValueKind.Number) return Text(name);
        if (number.TryGetValue<long>(out var integer)) return integer.ToString(CultureInfo.InvariantCulture);
        _errors.Add(ClassicError.NoText("body", name));
        return "";
    }

    /// <summary>A field that must be there and be a number, or text that is one.</summary>
    public double Number(string name)
    {
        if (_fields is null) return 0;
        if (!_fields.TryGetPropertyValue(name, out var value))
        {
            _errors.Add(ClassicError.Missing("body", name));
            return 0;
        }

        if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue<double>(out var found) && double.IsFinite(found)) return found;
        var text = TextOf(value);
        if (text is not null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out found) && double.IsFinite(found)) return found;
        _errors.Add(ClassicError.NoNumber(name, text is not null));
        return 0;
    }

    /// <summary>A field that may be there and then must be true or false, in one of the ways that FastAPI takes.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (_fields is null || !_fields.TryGetPropertyValue(name, out var value)) return otherwise;
        switch (value?.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() : TextOf(value)?.ToLowerInvariant())
        {
            case "1" or "true" or "t" or "yes" or "y" or "on":
                return true;
            case "0" or "false" or "f" or "no" or "n" or "off":
                return false;
            case var text:
                if (value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return value.GetValueKind() == JsonValueKind.True;
                _errors.Add(ClassicError.NoFlag(name, text is not null));
                return otherwise;
        }
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
