using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;

namespace Speedup.Plugins.Pooling;

/// <summary>
/// Handles maximum pools that also return where each maximum was: <c>forward_with_indices</c> of the modules and the functions of
/// the same name. Channels of both outputs go together; the indices are never constant.
/// </summary>
internal sealed class IndexedPoolingHandler : RuleFunctionHandler
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
            .. ExistingKeysOf(
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

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        PooledAxes pooling = PoolingOf(op);
        return pooling.PassedAxes(op).Select(axis => new ValuesAndIndices(axis, axis, pooling.OfConstant));
    }

    private static PooledAxes PoolingOf(IOperator op) =>
        op.FindArgument("this") is torch.nn.Module module
            ? PoolingHandler.PoolingOf(module, op.Policy)
            : PoolingFunctionHandler.PoolingOf(op, op.Method!.Name[..^Suffix.Length]);
}
