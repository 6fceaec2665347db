using Speedup.Core.Graph;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>
/// Tells how a number that differs from pass to pass comes from lengths of tensors: the passes run at several sizes, and an expression is taken that
/// gives the number of each pass. Simple expressions of near tensors come first.
/// </summary>
internal sealed class SizeFinder
{
    private const int MostForProducts = 48;
    private readonly IReadOnlyList<ModelGraph> _passes;
    private readonly Dictionary<int, List<(SizeTerm Term, long[] Lengths)>> _varying = [];
    private readonly int[] _inputs;

    /// <summary>Reads the lengths.</summary>
    /// <param name="passes">Passes that take the same path, the example's first.</param>
    public SizeFinder(IReadOnlyList<ModelGraph> passes)
    {
        _passes = passes;
        _inputs = [.. passes[0].Nodes.Where(node => node.Kind == NodeKind.Input).SelectMany(node => node.Outputs)];
        foreach (GraphValue value in passes[0].Values)
            _varying[value.Id] = [.. LengthsOf(value).Where(entry => entry.Lengths.Distinct().Skip(1).Any())];
    }

    /// <summary>The expression of a number; null where none is found.</summary>
    /// <param name="numbers">The number in each pass.</param>
    /// <param name="node">The call that it is an argument of.</param>
    /// <param name="known">Whether code can refer to a value at that call.</param>
    public SizeExpression? Find(long[] numbers, GraphNode node, Func<int, bool> known)
    {
        (SizeTerm Term, long[] Lengths)[] terms = [.. TermsFor(node, known)];
        return FindOne(terms, lengths => lengths.AsSpan().SequenceEqual(numbers) ? new SizeScale() : null)
            ?? FindOne(terms, lengths => SizeScale.OfRatio(numbers, lengths))
            ?? FindProduct(terms, product => product.AsSpan().SequenceEqual(numbers) ? new SizeScale() : null)
            ?? FindProduct(terms, product => SizeScale.OfRatio(numbers, product))
            ?? FindOne(terms, lengths => SizeScale.OfOffset(numbers, lengths) ?? SizeScale.OfWholeDivision(numbers, lengths));
    }

    private IEnumerable<(SizeTerm Term, long[] Lengths)> LengthsOf(GraphValue value) =>
        Enumerable
            .Range(0, value.Shape.Count)
            .Select(axis => (new SizeTerm(value.Id, axis), _passes.Select(pass => pass.Values[value.Id].Shape[axis]).ToArray()));

    /// <summary>Lengths that vary, each kind of variation once: those of the call's own tensors, of the inputs, and of what was made last.</summary>
    private IEnumerable<(SizeTerm Term, long[] Lengths)> TermsFor(GraphNode node, Func<int, bool> known)
    {
        int end = node.Outputs.Count > 0 ? node.Outputs.Min() : _passes[0].Values.Count;
        IEnumerable<int> values = node.Inputs.Concat(_inputs).Concat(Enumerable.Range(0, end).Reverse());
        return values.Distinct().Where(known).SelectMany(value => _varying[value]).DistinctBy(entry => string.Join(' ', entry.Lengths));
    }

    private static SizeExpression? FindOne((SizeTerm Term, long[] Lengths)[] terms, Func<long[], SizeScale?> find)
    {
        foreach ((SizeTerm term, long[] lengths) in terms)
        {
            if (find(lengths) is { } scale)
                return new SizeExpression([term], scale.Multiplier, scale.Divisor, scale.Offset);
        }
        return null;
    }

    private static SizeExpression? FindProduct((SizeTerm Term, long[] Lengths)[] terms, Func<long[], SizeScale?> find)
    {
        (SizeTerm Term, long[] Lengths)[] near = [.. terms.Take(MostForProducts)];
        for (int first = 0; first < near.Length; first++)
        for (int second = first; second < near.Length; second++)
        {
            long[] product = [.. near[first].Lengths.Zip(near[second].Lengths, (a, b) => a * b)];
            if (find(product) is { } scale)
                return new SizeExpression([near[first].Term, near[second].Term], scale.Multiplier, scale.Divisor);
        }
        return null;
    }
}
