using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.LayerNorm</c>. The normalised axes are at the back and cannot change: mean and variance are over all of their
/// entries, pruned ones too. The axes before them pass through.
/// </summary>
internal sealed class LayerNormHandler : RuleModuleHandler<LayerNorm>
{
    public override OperatorDescription Description => NormalizedAxes.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => NormalizedAxes.Before(op, ModuleOf(op).normalized_shape.Length);

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);
}
