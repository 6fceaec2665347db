using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles functions that reorder axes.</summary>
internal sealed class PermuteHandler : RuleFunctionHandler
{
    private static readonly string[] Names =
    [
        "permute",
        "swapaxes",
        "swapdims",
        "t",
        "transpose",
        "transpose_",
        "get_T", // the properties
        "get_mT",
    ];

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. ExistingKeysOf(typeof(Tensor), Names), .. ExistingKeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description => new("the constant on its new axis", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        InputAxes(op).Select((input, output) => AlignedAxes.Of(op.Input(0).Normalize((int)input), output));

    /// <summary>Which axis of the input each axis of the output is.</summary>
    private static IEnumerable<long> InputAxes(IOperator op)
    {
        int rank = op.Input(0).Rank;
        if (op.FindArgument("permutation") is IEnumerable<long> permutation)
            return permutation;
        return op.Method!.Name switch
        {
            "t" or "get_T" => Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis),
            "get_mT" => Swapped(rank, rank - 2, rank - 1),
            _ => Swapped(rank, Axis(op, "dim0", "axis0"), Axis(op, "dim1", "axis1")),
        };
    }

    private static int Axis(IOperator op, string name, string otherName) =>
        op.Input(0).Normalize(Convert.ToInt32(op.FindArgument(name) ?? op.FindArgument(otherName), CultureInfo.InvariantCulture));

    private static IEnumerable<long> Swapped(int rank, int first, int second) =>
        Enumerable
            .Range(0, rank)
            .Select(axis =>
                (long)(
                    axis == first ? second
                    : axis == second ? first
                    : axis
                )
            );
}
