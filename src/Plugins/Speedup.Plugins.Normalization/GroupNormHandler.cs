using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.GroupNorm</c>; see <see cref="GroupNormRule"/>.
/// </summary>
internal sealed class GroupNormHandler : RuleModuleHandler<GroupNorm>
{
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

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            .. NormalizedAxes.Batch,
            new GroupNormRule((int)ModuleOf(op).num_groups, ModuleOf(op).eps),
            .. TiedAxes.OfParameters(op, PerChannel, GroupNormRule.Output),
        ];

    public override nn.Module Replace(IReplacement replacement)
    {
        using var _ = no_grad();
        GroupNorm original = ModuleOf(replacement);
        IReadOnlyList<long> kept = replacement.Kept(GroupNormRule.Output);
        long perGroup = replacement.Facts(GroupNormRule.Output).Length / original.num_groups;
        Tensor? model = original.affine ? original.weight : null;
        GroupNorm small = nn.GroupNorm(kept.Count / perGroup, kept.Count, original.eps, original.affine, model?.device, model?.dtype);
        if (!original.affine)
            return small;
        small.weight = nn.Parameter(Select(replacement, "weight", kept)!);
        small.bias = Select(replacement, "bias", kept) is { } bias ? nn.Parameter(bias) : null;
        return small;
    }

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);

    private static Tensor? Select(IReplacement replacement, string name, IReadOnlyList<long> kept)
    {
        using var scope = NewDisposeScope();
        Tensor? masked = replacement.FindParameter(name)?.Masked();
        return masked?.index_select(0, tensor(kept.ToArray(), device: masked.device)).MoveToOuterDisposeScope();
    }
}
