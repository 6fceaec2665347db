using Speedup.Abstractions;
using Speedup.Core.CodeWriting.Plans;

namespace Speedup.Onnx.Emission;

/// <summary>The modules and functions that have no operator, each with the places where it is called.</summary>
internal sealed class MissingOperators
{
    private const int MostPlaces = 3;
    private readonly Dictionary<string, List<string>> _places = new(StringComparer.Ordinal);

    /// <summary>A line for each.</summary>
    public IReadOnlyList<string> Lines => [.. _places.Select(entry => $"{entry.Key}, {PlacesOf(entry.Value)}")];

    /// <summary>Adds a call.</summary>
    public void Add(CodeStep step)
    {
        string what = step.Module is { } module ? $"module {module.Module.GetType()}" : $"function {FunctionKey.Of(step.Method)}";
        string where = step.Module?.Path ?? step.Section;
        if (!_places.TryGetValue(what, out List<string>? places))
            _places[what] = places = [];
        places.Add(where.Length == 0 ? "the model's own forward" : $"'{where}'");
    }

    private static string PlacesOf(List<string> places)
    {
        string[] all = [.. places.Distinct()];
        string more = all.Length > MostPlaces ? $" and {all.Length - MostPlaces} more" : "";
        return $"called in {string.Join(", ", all.Take(MostPlaces))}{more}";
    }
}
