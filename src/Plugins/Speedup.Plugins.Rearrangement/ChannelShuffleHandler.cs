using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles <c>nn.ChannelShuffle</c>.</summary>
internal sealed class ChannelShuffleHandler : RuleModuleHandler<ChannelShuffle>
{
    internal static OperatorDescription CommonDescription { get; } =
        new("a channel takes its constant to its new place", "a channel", "what the groups need to take turns as before");

    public override OperatorDescription Description => CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => ShuffledChannels.Of(op, (int)ModuleOf(op).groups);
}
