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

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static nn.Module Build(IReplacement replacement)
    {
        using var _ = no_grad();
        GroupNorm original = ModuleOf(replacement);
        int kept = replacement.Kept(GroupNormRule.Output).Count;
        long perGroup = replacement.Facts(GroupNormRule.Output).Length / original.num_groups;
        Tensor? model = original.affine ? original.weight : null;
        GroupNorm small = nn.GroupNorm(kept / perGroup, kept, original.eps, original.affine, model?.device, model?.dtype);
        if (!original.affine)
            return small;
        small.weight = nn.Parameter(Select(replacement, "weight")!);
        small.bias = Select(replacement, "bias") is { } bias ? nn.Parameter(bias) : null;
        return small;
    }

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);

    private static Tensor? Select(IReplacement replacement, string name)
    {
        using var scope = NewDisposeScope();
        return replacement.FindParameter(name)?.Masked() is { } masked
            ? replacement.SelectKept(masked, 0, GroupNormRule.Output).MoveToOuterDisposeScope()
            : null;
    }
}
