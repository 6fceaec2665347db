using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles <c>nn.ChannelShuffle</c>.</summary>
internal sealed class ChannelShuffleHandler : ModuleHandler<ChannelShuffle>
{
    internal static OperatorDescription Words { get; } =
        new("a channel takes its constant to its new place", "a channel", "what the groups need to take turns as before");

    public override OperatorDescription Description => Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => RuleOf(relations).Relate(relations);

    public override void Constrain(IPlanning plan) => RuleOf(plan).Constrain(plan);

    private static ShuffledChannels RuleOf(IOperator op) => new((int)ModuleOf(op).groups);
}
