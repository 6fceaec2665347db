using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles <c>Tensor.channel_shuffle</c>.</summary>
internal sealed class ChannelShuffleFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.Tensor), "channel_shuffle")];

    public override OperatorDescription Description => ChannelShuffleHandler.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => ShuffledChannels.Of(op, (int)op.Argument<long>("groups"));
}
