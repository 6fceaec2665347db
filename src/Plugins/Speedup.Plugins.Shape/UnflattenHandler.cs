using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>nn.Unflatten</c>, which keeps the new sizes in a field.</summary>
internal sealed class UnflattenHandler : ModuleHandler<Unflatten>
{
    public override OperatorDescription Description => ReshapeRelation.Words;

    public override void InferFromInput(IOperator op) => ReshapeRelation.InferFromInput(op);

    public override void InferFromOutput(IOperator op) => ReshapeRelation.InferFromOutput(op);

    public override void Relate(IRelations relations) => ReshapeRelation.Relate(relations);

    public override nn.Module? Replace(IReplacement replacement)
    {
        Unflatten original = ModuleOf(replacement);
        int first = replacement.Input(0).Normalize((int)original.dim);
        long[] sizes = KeptLengths.Of(replacement, original.unflattened_size, first);
        return sizes.SequenceEqual(original.unflattened_size) ? null : nn.Unflatten(original.dim, sizes);
    }
}
