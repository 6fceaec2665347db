using Speedup.Abstractions;

namespace Speedup.Plugins.Creation;

/// <summary>
/// Handles tensors of numbers that follow each other. What an index holds is its place, so that without it the others would hold others: none can
/// go, and what meets them stays.
/// </summary>
internal sealed class SequenceHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(TorchSharp.torch), "arange", "linspace", "logspace", "eye")];

    public override OperatorDescription Description =>
        new("nothing: an index holds its place", "-", "everything: without an index the others would move");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [];
}
