using System.Collections.ObjectModel;
using Speedup.Abstractions;

namespace Speedup.Plugins.Random;

/// <summary>
/// Handles functions that make a tensor of random numbers of the sizes that they are given: <c>randn(n, c)</c>, <c>rand(x.shape)</c>. The
/// sizes follow; a size that the source writes down keeps the channels that it counts.
/// </summary>
internal sealed class NoiseOfSizesHandler : RuleFunctionHandler
{
    private const string Sizes = "size";

    /// <summary>Names of sizes that are given one by one, by how many there are.</summary>
    private static readonly string[][] Names =
    [
        [Sizes],
        ["rows", "columns"],
        ["dim0", "dim1", "dim2"],
        ["dim0", "dim1", "dim2", "dim3"],
    ];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(TorchSharp.torch), "rand", "randn", "randint", "normal")];

    public override OperatorDescription Description => new("-", "-", "all, where the numbers depend on a tensor") { Weight = "-" };

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        op.InputCount > 0 || SizesOf(op) is null
            ? []
            : Enumerable.Range(0, op.Output(0).Rank).Select(axis => new ReleasedAxis(AxisRef.OfOutput(0, axis)));

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        if (replacement.InputCount > 0 || SizesOf(replacement) is not { } names)
            return ReadOnlyDictionary<string, object?>.Empty;
        long[] kept =
        [
            .. Enumerable.Range(0, replacement.Output(0).Rank).Select(axis => (long)replacement.Kept(AxisRef.OfOutput(0, axis)).Count),
        ];
        if (names.Length == 0)
            return new Dictionary<string, object?> { [Sizes] = kept };
        return names.Index().ToDictionary(name => name.Item, object? (name) => Like(replacement.FindArgument(name.Item), kept[name.Index]));
    }

    /// <summary>The names of the sizes; none for an array of them, null for a form that is not known.</summary>
    private static string[]? SizesOf(IOperator op)
    {
        if (op.FindArgument(Sizes) is long[])
            return [];
        int rank = op.Output(0).Rank;
        return rank > 0 && rank <= Names.Length && Array.TrueForAll(Names[rank - 1], name => op.FindArgument(name) is long or int)
            ? Names[rank - 1]
            : null;
    }

    private static object Like(object? original, long size) => original is int ? (object)(int)size : size;
}
