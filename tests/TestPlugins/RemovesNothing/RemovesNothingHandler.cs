using Speedup.Abstractions;

namespace RemovesNothing;

/// <summary>Infers all there is, and then mentions no axis: nothing can be removed.</summary>
internal sealed class RemovesNothingHandler : ModuleHandler<TorchSharp.Modules.Sigmoid>
{
    public override void InferFromInput(IOperator op) => Elementwise.InferFromInput(op, x => 1 / (1 + Math.Exp(-x)));

    public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

    public override void Relate(IRelations relations) { }
}
