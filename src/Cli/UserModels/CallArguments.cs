using System.Reflection;
using System.Text.Json;
using Speedup.Cli.Terminals;

namespace Speedup.Cli.UserModels;

/// <summary>Arguments of a constructor or factory, as JSON: an object by names, or an array in order. What is left out has its default value.</summary>
internal sealed class CallArguments
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };
    private readonly JsonElement _json;

    /// <summary>Parses the text; null stands for no arguments.</summary>
    /// <exception cref="UsageException">It is neither an object nor an array.</exception>
    public CallArguments(string? text)
    {
        try
        {
            _json = JsonDocument.Parse(text ?? "[]").RootElement;
        }
        catch (JsonException fault)
        {
            throw new UsageException($"--args is not JSON: {fault.Message}");
        }
        if (_json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw new UsageException("--args must be an object such as {\"classes\": 10}, or an array such as [10].");
    }

    /// <summary>The values for a function's parameters; null where the function does not take these arguments.</summary>
    public object?[]? TryFit(ParameterInfo[] parameters)
    {
        if (CountUnknown(parameters) > 0)
            return null;
        var values = new object?[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (Find(parameters[i], i) is { } given)
            {
                if (!TryConvert(given, parameters[i].ParameterType, out values[i]))
                    return null;
            }
            else if (parameters[i].HasDefaultValue)
                values[i] = parameters[i].DefaultValue;
            else
                return null;
        }
        return values;
    }

    private JsonElement? Find(ParameterInfo parameter, int position)
    {
        if (_json.ValueKind == JsonValueKind.Array)
            return position < _json.GetArrayLength() ? _json[position] : null;
        return _json.TryGetProperty(parameter.Name!, out JsonElement value) ? value : null;
    }

    private int CountUnknown(ParameterInfo[] parameters) =>
        _json.ValueKind == JsonValueKind.Array
            ? _json.GetArrayLength() - parameters.Length
            : _json.EnumerateObject().Count(given => !Array.Exists(parameters, parameter => parameter.Name == given.Name));

    private static bool TryConvert(JsonElement json, Type type, out object? value)
    {
        try
        {
            value = json.Deserialize(type, Options);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            value = null; // another overload may take it; if none does, the error lists them all
            return false;
        }
    }
}
