using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TestKit.Tests.Support;

/// <summary>Handles <c>nn.PReLU</c> with a slope a channel rightly, but for one misdeed in <c>Replace</c>.</summary>
internal sealed class MisbehavingHandler(Misdeed misdeed) : ModuleHandler<PReLU>
{
    private static readonly AxisRef Weight = AxisRef.OfParameter("weight", 0);
    private readonly List<Tensor> _left = [];

    public override void InferFromInput(IOperator op)
    {
        double[] slopes = op.FindParameter("weight")!.MaskedEntries();
        AxisFacts input = op.Input(0)[1];
        for (int c = 0; c < input.Length; c++)
        {
            if (input.IsConstant(c))
                op.Output(0)[1].SetConstant(c, Math.Max(0, input.ConstantAt(c)) + (slopes[c] * Math.Min(0, input.ConstantAt(c))));
        }
    }

    public override void InferFromOutput(IOperator op) => Elementwise.Varying.InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        Elementwise.Varying.Relate(relations);
        relations.Tie(Weight, AxisRef.OfOutput(0, 1));
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private PReLU Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        PReLU original = ModuleOf(replacement);
        Tensor weight = replacement.SelectKept(replacement.FindParameter("weight")!.Masked(), 0, Weight);
        if (misdeed == Misdeed.ChangesOriginal)
            original.weight.add_(1);
        if (misdeed == Misdeed.LeavesTensors)
            _left.Add(zeros(1).DetachFromDisposeScope());
        if (misdeed == Misdeed.ChangesType)
            weight = weight.to(ScalarType.Float16);
        if (misdeed == Misdeed.DrawsNumbers)
            weight = weight + (1e-13 * Random.Shared.NextDouble());
        if (misdeed == Misdeed.ReturnsOriginal)
            return original;
        PReLU small = nn.PReLU(weight.shape[0], original.init, weight.device, weight.dtype);
        small.weight = nn.Parameter(weight.DetachFromDisposeScope());
        return small;
    }
}
