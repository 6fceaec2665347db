using Speedup.Abstractions;
using Speedup.Modules;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles the module <see cref="Interpolate"/>; its sizes are of positions, which stay.</summary>
internal sealed class InterpolateModuleHandler : ModuleHandler<Interpolate>
{
    public override OperatorDescription Description => ResamplingRule.Words;

    public override void InferFromInput(IOperator op) => ResamplingRule.InferFromInput(op);

    public override void InferFromOutput(IOperator op) => ResamplingRule.InferFromOutput(op);

    public override void Relate(IRelations relations) => ResamplingRule.Relate(relations);
}
