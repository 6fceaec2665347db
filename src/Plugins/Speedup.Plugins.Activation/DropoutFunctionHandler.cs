using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Activation;

/// <summary>Handles dropout functions that were called with <c>training</c> false; a random one is a barrier.</summary>
internal sealed class DropoutFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(
                typeof(torch.nn.functional),
                "dropout",
                "dropout1d",
                "dropout2d",
                "dropout3d",
                "alpha_dropout",
                "feature_alpha_dropout"
            ),
        ];

    public override OperatorDescription Description =>
        new("the constant itself, where `training` is false", "an index of any axis", "everything where `training` is true");

    public override void InferFromInput(IOperator op)
    {
        if (PassesThrough(op))
            Elementwise.InferFromInput(op, (double value) => value);
    }

    public override void InferFromOutput(IOperator op)
    {
        if (PassesThrough(op))
            Elementwise.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        if (PassesThrough(relations))
            Elementwise.Relate(relations);
    }

    private static bool PassesThrough(IOperator op) => op.FindArgument("training") is false;
}
