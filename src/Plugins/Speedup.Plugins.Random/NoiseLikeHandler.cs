using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Random;

/// <summary>
/// Handles functions that fill a tensor with random numbers, or make one of another's shape: <c>randn_like</c>, <c>normal_</c>. Whatever the tensor
/// holds, only its shape counts: each number is drawn by itself, so that those of the channels that stay are drawn as before.
/// </summary>
internal sealed class NoiseLikeHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(typeof(Tensor), RandomFunctions.Fillers),
            .. KeysOf(typeof(TorchSharp.torch), RandomFunctions.Fillers),
            .. KeysOf(typeof(nn.init), RandomFunctions.Fillers),
        ];

    public override OperatorDescription Description =>
        new("-", "everything: only its shape counts", "all, where the numbers depend on another tensor");

    public override void InferFromOutput(IOperator op)
    {
        if (!IsFiller(op))
            return;
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            AxisFacts input = op.Input(0)[axis];
            for (int i = 0; i < input.Length; i++)
                input.SetUnused(i);
        }
    }

    public override void Relate(IRelations relations)
    {
        if (IsFiller(relations))
            Elementwise.Relate(relations);
    }

    /// <summary>Not <c>bernoulli_</c> with a tensor of probabilities.</summary>
    private static bool IsFiller(IOperator op) => op.InputCount == 1;
}
