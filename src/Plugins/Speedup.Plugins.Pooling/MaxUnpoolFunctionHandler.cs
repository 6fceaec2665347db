using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles the functions of the same; a size with channels in it counts for its positions only.</summary>
internal sealed class MaxUnpoolFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(torch.nn.functional), "max_unpool1d", "max_unpool2d", "max_unpool3d")];

    public override OperatorDescription Description => UnpoolingRule.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => RuleOf(relations).Relate(relations);

    private static UnpoolingRule RuleOf(IOperator op) => new(op.Method!.Name[^2] - '0');
}
