using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles <c>nn.Upsample</c>.</summary>
internal sealed class UpsampleHandler : ModuleHandler<Upsample>
{
    public override OperatorDescription Description => ResamplingRule.Words;

    public override void InferFromInput(IOperator op) => ResamplingRule.InferFromInput(op);

    public override void InferFromOutput(IOperator op) => ResamplingRule.InferFromOutput(op);

    public override void Relate(IRelations relations) => ResamplingRule.Relate(relations);
}
