using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Random;

/// <summary>
/// Handles functions that fill a tensor with random numbers, or make one of another's shape: <c>randn_like</c>, <c>normal_</c>. Whatever the tensor
/// holds, only its shape counts: each number is drawn by itself, so that those of the channels that stay are drawn as before.
/// </summary>
internal sealed class NoiseLikeHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. ExistingKeysOf(typeof(Tensor), RandomFunctions.Fillers),
            .. ExistingKeysOf(typeof(TorchSharp.torch), RandomFunctions.Fillers),
            .. ExistingKeysOf(typeof(nn.init), RandomFunctions.Fillers),
        ];

    public override OperatorDescription Description =>
        new("-", "everything: only its shape counts", "all, where the numbers depend on another tensor");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => IsFiller(op) ? [Elementwise.Varying, .. UnusedAxis.AllOf(op, 0)] : [];

    /// <summary>Not <c>bernoulli_</c> with a tensor of probabilities.</summary>
    private static bool IsFiller(IOperator op) => op.InputCount == 1;
}
