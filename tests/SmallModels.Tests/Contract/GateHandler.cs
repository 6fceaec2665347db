using Speedup.Abstractions;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>Handles gates; what it makes of them, and what it says of that, is the test's to choose.</summary>
internal sealed class GateHandler(Func<Gate, Tensor, nn.Module> create, Func<nn.Module, ModuleConstruction?>? describe = null)
    : ModuleHandler<Gate>
{
    private static readonly AxisRef Scale = AxisRef.OfParameter("scale", 0);

    public override void InferFromInput(IOperator op)
    {
        double[] scales = op.FindParameter("scale")!.MaskedEntries();
        for (int c = 0; c < scales.Length; c++)
        {
            if (op.Input(0)[1].IsConstant(c) && op.Input(0)[1].ConstantAt(c) == 0)
                op.Output(0)[1].SetConstant(c, 0);
        }
    }

    public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        Elementwise.Relate(relations);
        relations.Tie(Scale, AxisRef.OfOutput(0, 1));
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor scale = replacement.FindParameter("scale")!.Masked();
        Tensor kept = tensor(replacement.Kept(Scale).ToArray());
        return create(ModuleOf(replacement), scale.index_select(0, kept).DetachFromDisposeScope());
    }

    public override ModuleConstruction? FindConstruction(nn.Module replacement) => describe?.Invoke(replacement);
}
