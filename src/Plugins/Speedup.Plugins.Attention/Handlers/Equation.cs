using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>Reads the equation of <c>einsum</c>: <c>bhid,bhjd->bhij</c>, with or without an output, with or without <c>...</c>.</summary>
internal static class Equation
{
    private const string Dots = "...";

    /// <summary>The indices of an equation. A letter that stands twice in one operand is a diagonal, and is left out.</summary>
    /// <param name="op">The operator, whose inputs are the operands in order.</param>
    /// <param name="equation">The equation.</param>
    /// <returns>No index where the equation does not fit the operands.</returns>
    public static Contraction Read(IOperator op, string equation)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != op.InputCount)
            return new Contraction([]);
        string[][] operands = [.. terms.Select((term, position) => Spread(term, op.Input(position).Rank))];
        string[] output = sides.Length > 1 ? Spread(sides[1], op.Output(0).Rank) : Implied(operands);
        bool fits =
            operands.Select((names, position) => names.Length == op.Input(position).Rank).All(same => same)
            && output.Length == op.Output(0).Rank;
        return new Contraction(fits ? [.. FindLetters(op, operands, output)] : []);
    }

    private static IEnumerable<Letter> FindLetters(IOperator op, string[][] operands, string[] output)
    {
        foreach (string name in operands.SelectMany(names => names).Distinct())
        {
            if (operands.Any(names => names.Count(other => other == name) > 1))
                continue;
            AxisRef[] axes =
            [
                .. operands
                    .Select((names, position) => AxisRef.OfInput(position, Array.IndexOf(names, name)))
                    .Where(axis => axis.Axis >= 0),
            ];
            int length = axes.Max(axis => op.Facts(axis).Length); // one that is shorter is broadcast
            int at = Array.IndexOf(output, name);
            yield return new Letter([.. axes.Where(axis => op.Facts(axis).Length == length)], at < 0 ? null : at);
        }
    }

    /// <summary>Names of the axes of a term; those that the dots stand for are counted from the back, as they are aligned.</summary>
    private static string[] Spread(string term, int rank)
    {
        int at = term.IndexOf(Dots, StringComparison.Ordinal);
        if (at < 0)
            return [.. term.Select(letter => letter.ToString())];
        string before = term[..at];
        string after = term[(at + Dots.Length)..];
        int covered = Math.Max(0, rank - before.Length - after.Length);
        IEnumerable<string> dots = Enumerable.Range(0, covered).Select(k => Dots + (covered - k));
        return [.. before.Select(letter => letter.ToString()), .. dots, .. after.Select(letter => letter.ToString())];
    }

    /// <summary>Without an output it is what the dots stand for, then the letters that occur once, in order.</summary>
    private static string[] Implied(string[][] operands)
    {
        string[] dots = [.. operands.MaxBy(names => names.Count(IsDots))!.Where(IsDots)];
        IEnumerable<string> letters = operands
            .SelectMany(names => names)
            .Where(name => !IsDots(name))
            .GroupBy(name => name)
            .Where(same => same.Count() == 1)
            .Select(same => same.Key);
        return [.. dots, .. letters.Order(StringComparer.Ordinal)];
    }

    private static bool IsDots(string name) => name.StartsWith(Dots, StringComparison.Ordinal);
}
