using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.GroupNorm</c>. Mean and variance are over all channels and positions of a group, pruned ones too, so that a group
/// stays or goes as a whole. A group of constants only has a mean and a variance that do not depend on the input.
/// </summary>
internal sealed class GroupNormHandler : ModuleHandler<GroupNorm>
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);
    private static readonly string[] PerChannel = ["weight", "bias"];

    public override OperatorDescription Description =>
        new(
            "the channels of a group that holds constants only are normalised",
            "the channels of a group that is unused as a whole",
            "a group that has anything to keep, with all its channels: they share mean and variance"
        )
        {
            Weight = "a channel whose weight is masked is its bias",
        };

    public override void InferFromWeight(IOperator op)
    {
        if (op.FindParameter("weight")?.Pattern is not { } pattern)
            return;
        double[] bias = Entries(op, "bias") ?? new double[pattern.Rows];
        for (int c = 0; c < pattern.Rows; c++)
        {
            if (pattern.IsRowZero(c))
                op.Facts(Output).SetConstant(c, bias[c]);
        }
    }

    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Facts(Input);
        if (!input.AnyConstant)
            return;
        double[]? weight = Entries(op, "weight");
        double[]? bias = Entries(op, "bias");
        foreach (int[] group in Groups(op))
        {
            if (!Array.TrueForAll(group, input.IsConstant))
                continue;
            var moments = new ConstantMoments([.. group.Select(input.ConstantAt)], ModuleOf(op).eps);
            foreach (int c in group)
            {
                if (moments.Normalize(input.ConstantAt(c)) is { } value)
                    op.Facts(Output).SetConstant(c, ((weight?[c] ?? 1) * value) + (bias?[c] ?? 0));
            }
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        NormalizedAxes.Batch.InferFromOutput(op);
        foreach (int[] group in Groups(op))
        {
            if (Array.Exists(group, op.Facts(Output).IsNeeded))
                continue;
            foreach (int c in group)
                op.Facts(Input).SetUnused(c);
        }
    }

    public override void Relate(IRelations relations)
    {
        NormalizedAxes.Batch.Relate(relations);
        relations.Tie(Input, Output);
        foreach (string name in PerChannel.Where(name => relations.FindParameter(name) is not null))
            relations.Tie(AxisRef.OfParameter(name, 0), Output);
    }

    public override void Constrain(IPlanning plan)
    {
        foreach (int[] group in Groups(plan).Where(group => !Array.TrueForAll(group, c => plan.IsRemoved(Output, c))))
        {
            foreach (int c in group.Where(c => plan.IsRemoved(Output, c)))
                plan.Keep(Output, c, KeepCause.Unfoldable, $"channel {c} has a share in the mean and variance of its group in {plan.Name}");
        }
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        using var _ = no_grad();
        GroupNorm original = ModuleOf(replacement);
        IReadOnlyList<long> kept = replacement.Kept(Output);
        long perGroup = replacement.Facts(Output).Length / original.num_groups;
        Tensor? model = original.affine ? original.weight : null;
        GroupNorm small = nn.GroupNorm(kept.Count / perGroup, kept.Count, original.eps, original.affine, model?.device, model?.dtype);
        if (!original.affine)
            return small;
        small.weight = nn.Parameter(Select(replacement, "weight", kept)!);
        small.bias = Select(replacement, "bias", kept) is { } bias ? nn.Parameter(bias) : null;
        return small;
    }

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);

    private static IEnumerable<int[]> Groups(IOperator op) =>
        Enumerable.Range(0, op.Facts(Input).Length).Chunk(op.Facts(Input).Length / (int)ModuleOf(op).num_groups);

    private static Tensor? Select(IReplacement replacement, string name, IReadOnlyList<long> kept)
    {
        using var scope = NewDisposeScope();
        Tensor? masked = replacement.FindParameter(name)?.Masked();
        return masked?.index_select(0, tensor(kept.ToArray(), device: masked.device)).MoveToOuterDisposeScope();
    }

    private static double[]? Entries(IOperator op, string name) => op.FindParameter(name)?.MaskedEntries();
}
