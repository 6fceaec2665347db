using Speedup.Abstractions;

namespace WrongFacts;

/// <summary>Says that a sigmoid of zero is zero, and all else right.</summary>
internal sealed class WrongFactsHandler : ModuleHandler<TorchSharp.Modules.Sigmoid>
{
    public override void InferFromInput(IOperator op) => Elementwise.InferFromInput(op, x => x == 0 ? 0 : 1 / (1 + Math.Exp(-x)));

    public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

    public override void Relate(IRelations relations) => Elementwise.Relate(relations);
}
