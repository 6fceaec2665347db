using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;

namespace Speedup.Plugins.Pooling;

/// <summary>
/// Handles maximum pools that also return where each maximum was: <c>forward_with_indices</c> of the modules and the functions of
/// the same name. Channels of both outputs go together; the indices are never constant.
/// </summary>
internal sealed class IndexedPoolingHandler : FunctionHandler
{
    private const string Suffix = "_with_indices";
    private static readonly string[] Families = ["max_pool", "adaptive_max_pool", "fractional_max_pool"];

    private static readonly Type[] Modules =
    [
        typeof(MaxPool1d),
        typeof(MaxPool2d),
        typeof(MaxPool3d),
        typeof(AdaptiveMaxPool1d),
        typeof(AdaptiveMaxPool2d),
        typeof(AdaptiveMaxPool3d),
        typeof(FractionalMaxPool2d),
        typeof(FractionalMaxPool3d),
    ];

    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. Modules.Select(type => new FunctionKey(type, "forward_with_indices")),
            .. KeysOf(
                typeof(torch.nn.functional),
                Families.SelectMany(family => Enumerable.Range(1, 3).Select(axes => $"{family}{axes}d{Suffix}"))
            ),
        ];

    public override OperatorDescription Description =>
        new(
            "a constant channel stays one; its indices vary",
            "a channel that is unused in both outputs",
            "positions; a channel whose indices are used, even where its values are constant"
        );

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in PassedAxes(op))
            axes.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in PassedAxes(relations))
            axes.Relate(relations);
    }

    private static PoolingRule RuleOf(IOperator op) =>
        op.FindArgument("this") is torch.nn.Module module
            ? PoolingHandler.RuleOf(module, op.Policy)
            : PoolingFunctionHandler.RuleOf(op, op.Method!.Name[..^Suffix.Length]);

    private static IEnumerable<AlignedAxes> PassedAxes(IOperator op) =>
        RuleOf(op)
            .PassedAxesOf(op)
            .Select(axis => new AlignedAxes([AxisRef.OfInput(0, axis)], [AxisRef.OfOutput(0, axis), AxisRef.OfOutput(1, axis)]));
}
