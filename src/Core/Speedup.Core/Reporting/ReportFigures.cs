using System.Globalization;

namespace Speedup.Core.Reporting;

/// <summary>Figures as the texts of a report write them, the same in every culture.</summary>
internal static class ReportFigures
{
    /// <summary>Two counts and what is left of the first in percent.</summary>
    public static string Change(long before, long after)
    {
        if (before == after)
            return Count(before);
        string share = before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * after / before:0.#} %)");
        return $"{Count(before)} -> {Count(after)}{share}";
    }

    /// <summary>A relative error, in two digits.</summary>
    public static string Error(double error) => error.ToString("0.0e+00", CultureInfo.InvariantCulture);

    /// <summary>A time in seconds.</summary>
    public static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    /// <summary>A shape, such as <c>20x1x5x5</c>; <c>scalar</c> for no axes.</summary>
    public static string Shape(IReadOnlyList<long> shape) => shape.Count == 0 ? "scalar" : string.Join('x', shape);

    /// <summary>The parameters and buffers of a layer whose shapes changed, such as <c>weight 20x1x5x5 -> 9x1x5x5</c>; empty where none did.</summary>
    public static string Shapes(LayerReport layer) =>
        string.Join(
            ", ",
            layer
                .ShapesBefore.Keys.Union(layer.ShapesAfter.Keys)
                .Select(name => (Name: name, Before: Shape(layer.ShapesBefore, name), After: Shape(layer.ShapesAfter, name)))
                .Where(entry => entry.Before != entry.After)
                .Select(entry => $"{entry.Name} {entry.Before} -> {entry.After}")
        );

    /// <summary>How many channels were kept, and where.</summary>
    public static string Channels(KeptChannels kept) =>
        $"{kept.Indices.Count} {(kept.Indices.Count == 1 ? "index" : "indices")} of {kept.Axis}";

    /// <summary>How a masked module fell short of its masks, such as <c>3 of 8 pruned rows and columns went</c>.</summary>
    public static string Shortfall(UnshrunkModule module) =>
        module.Pruned == 0
            ? "no whole row or column is pruned"
            : string.Create(CultureInfo.InvariantCulture, $"{module.Removed} of {module.Pruned} pruned rows and columns went");

    /// <summary>How a condition came out, such as <c>net.cs:12 never, net.cs:14 2 to 3 times</c>.</summary>
    public static string Outcomes(ConditionReport condition) =>
        string.Join(", ", condition.Outcomes.Select(outcome => $"{outcome.LeadsTo} {Times(outcome)}"));

    private static string Times(ConditionOutcome outcome) =>
        outcome.Most == 0 ? (outcome.Throws ? "never (it throws)" : "never")
        : outcome.Fewest == outcome.Most ? $"{Count(outcome.Most)} times"
        : $"{Count(outcome.Fewest)} to {Count(outcome.Most)} times";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shape(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string name) =>
        shapes.TryGetValue(name, out IReadOnlyList<long>? shape) ? Shape(shape) : "none";
}
