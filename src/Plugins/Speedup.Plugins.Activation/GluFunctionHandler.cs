using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Activation;

/// <summary>Handles the gated linear unit as a function.</summary>
internal sealed class GluFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(torch.nn.functional), "glu"), .. KeysOf(typeof(torch.Tensor), "glu")];

    public override OperatorDescription Description => GluRule.Words;

    public override void InferFromInput(IOperator op) => GluRule.InferFromInput(op, AxisOf(op));

    public override void InferFromOutput(IOperator op) => GluRule.InferFromOutput(op, AxisOf(op));

    public override void Relate(IRelations relations) => GluRule.Relate(relations, AxisOf(relations));

    private static long AxisOf(IOperator op) => (long)(op.FindArgument("dim") ?? -1L);
}
