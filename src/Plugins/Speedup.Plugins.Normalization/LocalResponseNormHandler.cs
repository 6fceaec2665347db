using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.LocalResponseNorm</c>.</summary>
internal sealed class LocalResponseNormHandler : ModuleHandler<LocalResponseNorm>
{
    public override OperatorDescription Description => LocalResponseRule.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => LocalResponseRule.Relate(relations);

    private static LocalResponseRule RuleOf(IOperator op)
    {
        LocalResponseNorm module = ModuleOf(op);
        return new LocalResponseRule((int)module.size, module.alpha, module.beta, module.k);
    }
}
