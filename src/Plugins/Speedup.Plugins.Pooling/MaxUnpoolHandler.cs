using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles <c>nn.MaxUnpool1d</c>, <c>MaxUnpool2d</c> and <c>MaxUnpool3d</c>: values and indices in, one tensor out.</summary>
internal sealed class MaxUnpoolHandler : ModuleHandler<nn.Module<Tensor, Tensor, long[], Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(MaxUnpool1d), typeof(MaxUnpool2d), typeof(MaxUnpool3d)];

    public override OperatorDescription Description => UnpoolingRule.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => RuleOf(relations).Relate(relations);

    private static UnpoolingRule RuleOf(IOperator op) =>
        ModuleOf(op) switch
        {
            MaxUnpool1d => new UnpoolingRule(1),
            MaxUnpool2d => new UnpoolingRule(2),
            _ => new UnpoolingRule(3),
        };
}
