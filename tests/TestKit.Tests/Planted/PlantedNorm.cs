using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>Handles <c>nn.BatchNorm2d</c> rightly, but for what is planted.</summary>
internal sealed class PlantedNorm(PlantedFault fault) : ModuleHandler<BatchNorm2d>
{
    private static readonly string[] PerChannel = ["weight", "bias", "running_mean", "running_var"];
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);

    public override void InferFromWeight(IOperator op)
    {
        Throw(PlantedFault.ThrowsInInferFromWeight);
        Write(PlantedFault.InferWritesTheWeight, op);
        if (fault == PlantedFault.WeightSaysNothing)
            return;
        double[] weight = Entries(op, "weight");
        double[] bias = Entries(op, "bias");
        if (fault == PlantedFault.WeightClaimsAUsedInput)
            op.Facts(Input).SetUnused(0);
        for (int c = 0; c < weight.Length; c++)
        {
            if (weight[c] != 0)
                continue;
            op.Facts(Output).SetConstant(c, fault == PlantedFault.WeightClaimsAWrongConstant ? bias[c] + 1 : bias[c]);
            op.Facts(Input).SetUnused(c);
        }
    }

    public override void InferFromInput(IOperator op)
    {
        Throw(PlantedFault.ThrowsInInferFromInput);
        if (fault == PlantedFault.InputSaysNothing)
            return;
        if (fault == PlantedFault.InputClaimsAVaryingOutput)
            op.Facts(Output).SetConstant(2, 0);
        double[] weight = Entries(op, "weight");
        double[] bias = Entries(op, "bias");
        double[] mean = Entries(op, "running_mean");
        double[] variance = Entries(op, "running_var");
        double eps = ModuleOf(op).eps;
        double off = fault == PlantedFault.InputClaimsAWrongValue ? 1 : 0;
        (
            AlignedAxes.Of(1, 1) with
            {
                OfConstant = (c, value) => ((value - mean[c]) / Math.Sqrt(variance[c] + eps) * weight[c]) + bias[c] + off,
            }
        ).InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        Throw(PlantedFault.ThrowsInInferFromOutput);
        if (fault == PlantedFault.OutputClaimsAUsedInput)
            op.Facts(Input).SetUnused(1);
        if (fault != PlantedFault.OutputSaysNothing)
            AlignedAxes.Of(1, 1).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        Throw(PlantedFault.ThrowsInRelate);
        Write(PlantedFault.RelateWritesTheWeight, relations);
        if (fault == PlantedFault.RelateSaysNothing)
            return;
        relations.Tie(Input, Output);
        for (int c = 1; c < relations.Facts(Input).Length && fault == PlantedFault.RelateTiesAllTogether; c++)
            relations.Tie(Input, 0, Input, c);
        foreach (string name in PerChannel.Where(name => fault != PlantedFault.RelateForgetsTheBuffer || name != "running_mean"))
            relations.Tie(AxisRef.OfParameter(name, 0), Output);
    }

    public override void Constrain(IPlanning plan)
    {
        Throw(PlantedFault.ThrowsInConstrain);
        for (int c = 0; c < plan.Facts(Output).Length && fault == PlantedFault.ConstrainKeepsAll; c++)
            plan.Keep(Output, c, KeepCause.Unfoldable, "it is on the safe side");
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private BatchNorm2d Build(IReplacement replacement)
    {
        Throw(PlantedFault.ThrowsInReplace);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        BatchNorm2d original = ModuleOf(replacement);
        if (fault == PlantedFault.ReplaceWritesTheBuffer)
            original.running_mean!.add_(1);
        Tensor[] kept = [.. PerChannel.Select(name => replacement.SelectKept(replacement.FindParameter(name)!.Masked(), 0, Output))];
        if (fault == PlantedFault.ReplaceTakesAnotherType)
            kept[2] = kept[2].to(ScalarType.BFloat16);
        BatchNorm2d small = nn.BatchNorm2d(kept[0].shape[0], original.eps, dtype: kept[0].dtype);
        small.weight = nn.Parameter(kept[0].DetachFromDisposeScope());
        small.bias = nn.Parameter(kept[1].DetachFromDisposeScope());
        small.running_mean = kept[2].DetachFromDisposeScope();
        small.running_var = kept[3].DetachFromDisposeScope();
        if (fault != PlantedFault.ReplaceLosesTheCounter)
            small.num_batches_tracked = original.num_batches_tracked!.clone().DetachFromDisposeScope();
        return small;
    }

    private static double[] Entries(IOperator op, string name) => op.FindParameter(name)!.MaskedEntries();

    private void Throw(PlantedFault planted)
    {
        if (fault == planted)
            throw new InvalidOperationException("It fails on purpose.");
    }

    private void Write(PlantedFault planted, IOperator op)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (fault == planted)
            ModuleOf(op).weight!.add_(1);
    }
}
