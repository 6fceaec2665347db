namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A number that code computes from lengths of tensors: the product of some, times, divided by and plus whole numbers.</summary>
/// <param name="Factors">The lengths; at least one.</param>
/// <param name="Multiplier">What their product is multiplied with.</param>
/// <param name="Divisor">What that is divided by, without a remainder where <paramref name="Multiplier"/> is not one.</param>
/// <param name="Offset">What is added at last.</param>
internal sealed record SizeExpression(IReadOnlyList<SizeTerm> Factors, long Multiplier = 1, long Divisor = 1, long Offset = 0)
{
    /// <summary>The number, for tensors of some shapes.</summary>
    public long Evaluate(Func<int, IReadOnlyList<long>> shapeOf) =>
        (Factors.Aggregate(Multiplier, (product, factor) => product * shapeOf(factor.Value)[factor.Axis]) / Divisor) + Offset;

    /// <summary>How it is written.</summary>
    /// <param name="lengthOf">Writes the length of an axis.</param>
    /// <param name="division">The operator that divides whole numbers.</param>
    public string Write(Func<SizeTerm, string> lengthOf, string division)
    {
        string product = string.Join(" * ", Factors.Select(lengthOf));
        if (Multiplier != 1)
            product = $"{product} * {Multiplier}";
        if (Divisor != 1)
            product = $"{product} {division} {Divisor}";
        return Offset switch
        {
            0 => product,
            > 0 => $"{product} + {Offset}",
            _ => $"{product} - {-Offset}",
        };
    }
}
