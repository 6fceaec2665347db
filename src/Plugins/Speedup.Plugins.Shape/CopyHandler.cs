using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles functions whose result has the same elements in the same places.</summary>
internal sealed class CopyHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(
                typeof(Tensor),
                "alias",
                "clone",
                "contiguous",
                "detach",
                "detach_",
                "DetachFromDisposeScope",
                "MoveToOuterDisposeScope"
            ),
            .. KeysOf(typeof(TorchSharp.torch), "clone"),
        ];

    public override OperatorDescription Description => new("the constant itself", "an index of any axis", "-");

    public override void InferFromInput(IOperator op) => Elementwise.InferFromInput(op, (double value) => value);

    public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

    public override void Relate(IRelations relations) => Elementwise.Relate(relations);
}
