using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>nn.Flatten</c>.</summary>
internal sealed class FlattenHandler : ModuleHandler<Flatten>
{
    public override OperatorDescription Description => ReshapeRelation.Words;

    public override void InferFromInput(IOperator op) => ReshapeRelation.InferFromInput(op);

    public override void InferFromOutput(IOperator op) => ReshapeRelation.InferFromOutput(op);

    public override void Relate(IRelations relations) => ReshapeRelation.Relate(relations);
}
