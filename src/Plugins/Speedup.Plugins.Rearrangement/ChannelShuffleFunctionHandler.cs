using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles <c>Tensor.channel_shuffle</c>.</summary>
internal sealed class ChannelShuffleFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.Tensor), "channel_shuffle")];

    public override OperatorDescription Description => ChannelShuffleHandler.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => RuleOf(relations).Relate(relations);

    public override void Constrain(IPlanning plan) => RuleOf(plan).Constrain(plan);

    private static ShuffledChannels RuleOf(IOperator op) => new((int)(long)op.FindArgument("groups")!);
}
