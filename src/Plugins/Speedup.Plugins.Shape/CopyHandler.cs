using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles functions whose result has the same elements in the same places.</summary>
internal sealed class CopyHandler : RuleFunctionHandler
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

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Unchanged];
}
