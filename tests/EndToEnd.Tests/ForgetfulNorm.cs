using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A planted mistake: says that a constant passes BatchNorm as it is, and forgets the shift.</summary>
internal sealed class ForgetfulNorm : ModuleHandler<BatchNorm2d>
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public override void InferFromInput(IOperator op)
    {
        for (int i = 0; i < op.Facts(Input).Length; i++)
        {
            if (op.Facts(Input).IsConstant(i))
                op.Facts(Output).SetConstant(i, op.Facts(Input).ConstantAt(i));
        }
    }

    public override void Relate(IRelations relations)
    {
        relations.Tie(Input, Output);
        foreach (string name in (string[])["weight", "bias", "running_mean", "running_var"])
            relations.Tie(AxisRef.OfParameter(name, 0), Output);
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static BatchNorm2d Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor kept = tensor(replacement.Kept(Output).Select(i => (long)i).ToArray());
        BatchNorm2d old = ModuleOf(replacement);
        BatchNorm2d small = nn.BatchNorm2d(kept.shape[0]);
        small.weight!.copy_(old.weight!.index_select(0, kept));
        small.bias!.copy_(old.bias!.index_select(0, kept));
        small.running_mean!.copy_(old.running_mean!.index_select(0, kept));
        small.running_var!.copy_(old.running_var!.index_select(0, kept));
        return small;
    }
}
