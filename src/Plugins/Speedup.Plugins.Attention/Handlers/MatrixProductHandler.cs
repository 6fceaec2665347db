using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>Handles products of matrices and vectors: <c>matmul</c>, <c>bmm</c>, <c>mm</c>, <c>mv</c>, <c>dot</c>.</summary>
internal sealed class MatrixProductHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "a row or column that is zero",
            "a row or column; an index of the summed axis that is zero on the other side",
            "an index of the summed axis that is zero on neither side"
        )
        {
            Folded = "-",
        };

    private static readonly string[] Names = ["matmul", "bmm", "mm", "mv", "dot"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [MatrixProduct.Of(op, 0, 1)];
}
