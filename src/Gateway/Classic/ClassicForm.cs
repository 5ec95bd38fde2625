namespace StatusMonitor.Gateway.Classic;

/// <summary>The form of a classic request, in either encoding. What is wrong with it is collected, as FastAPI does; a body that is no form has no fields.</summary>
internal sealed class ClassicForm
{
    private readonly IFormCollection _fields;
    private readonly List<ClassicError> _errors = [];

    private ClassicForm(IFormCollection fields) => _fields = fields;

    /// <summary>What is wrong with the fields asked for so far.</summary>
    public IReadOnlyList<ClassicError> Errors => _errors;

    /// <summary>Reads the form. Null, with the request answered, if it cannot be read.</summary>
    public static async Task<ClassicForm?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return new ClassicForm(FormCollection.Empty);
        try
        {
            return new ClassicForm(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            await ClassicAnswer.RefuseAsync(context, 400, "There was an error parsing the body");
            return null;
        }
    }

    /// <summary>A field that must be there and not be empty; empty, with an error noted, if it is not.</summary>
    public string Text(string name)
    {
        var text = _fields[name].LastOrDefault() ?? "";
        if (text.Length == 0) _errors.Add(ClassicError.Missing("body", name));
        return text;
    }

    /// <summary>A field that must have one value if it is there.</summary>
    public void MustBe(string name, string value)
    {
        var text = _fields[name].LastOrDefault();
        if (!string.IsNullOrEmpty(text) && text != value) _errors.Add(ClassicError.NoMatch(name, $"^{value}$"));
    }
}
