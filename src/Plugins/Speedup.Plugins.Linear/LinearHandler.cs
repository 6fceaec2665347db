using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Linear;

/// <summary>Handles <c>nn.Linear</c>: weight <c>[out, in]</c>, input <c>[..., in]</c>, output <c>[..., out]</c>.</summary>
internal sealed class LinearHandler : RuleModuleHandler<TorchSharp.Modules.Linear>
{
    private static readonly LinearMap Map = new(AxisRef.OfInput(0, -1), AxisRef.OfOutput(0, -1), Groups: 1, PadsWithZeros: false);

    public override OperatorDescription Description =>
        new("an output that reads constants only", "an input that no needed output reads; an index of the other axes", "-")
        {
            Weight = "a masked row is its bias; an input that no row reads is unused",
            Folded = "constants into the bias",
        };

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [Map, .. AlignedAxes.Leading(op.Output(0).Rank - 1, ConstantFunctions.Varying)];

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static nn.Module Build(IReplacement replacement)
    {
        var (weight, bias) = Map.ReplaceParameters(replacement);
        return nn.Linear(nn.Parameter(weight), bias is null ? null : nn.Parameter(bias)); // takes the tensors over
    }

    public override Func<IReadOnlyDictionary<string, Tensor>, nn.Module> FindBuilder(nn.Module original) =>
        parameters =>
            nn.Linear(nn.Parameter(parameters["weight"]), parameters.TryGetValue("bias", out Tensor? bias) ? nn.Parameter(bias) : null);

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b) * op.Input(0).Shape[^1];
}
