using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles the pooling functions of <c>nn.functional</c>.</summary>
internal sealed class PoolingFunctionHandler : RuleFunctionHandler
{
    private static readonly string[] Families =
    [
        "max_pool",
        "avg_pool",
        "adaptive_avg_pool",
        "adaptive_max_pool",
        "lp_pool",
        "fractional_max_pool",
    ];

    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. ExistingKeysOf(
                typeof(torch.nn.functional),
                Families.SelectMany(family => Enumerable.Range(1, 3).Select(axes => $"{family}{axes}d"))
            ),
        ];

    public override OperatorDescription Description => PoolingHandler.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => PoolingOf(op, op.Method!.Name).RulesOf(op);

    /// <summary>The rule of the function of a name, which the call may have a longer one of.</summary>
    internal static PooledAxes PoolingOf(IOperator op, string name)
    {
        int axes = name[^2] - '0';
        bool isPadded = Numbers(op, "padding").Any(length => length > 0);
        return name[..^2] switch
        {
            "max_pool" => PooledAxes.Max(axes, isPadded, Numbers(op, "dilation").Any(step => step > 1)),
            "avg_pool" => PooledAxes.Average(
                axes,
                isPadded && op.FindArgument("count_include_pad") is not false,
                op.FindArgument("divisor_override") is not null,
                op.Policy
            ),
            "lp_pool" => PooledAxes.PowerAverage(axes, op.Argument<double>("norm_type"), Window(op, axes)),
            _ => PooledAxes.Adaptive(axes),
        };
    }

    private static double Window(IOperator op, int axes)
    {
        long[] kernel = [.. Numbers(op, "kernel_size")];
        return kernel.Length == 1 ? Math.Pow(kernel[0], axes) : kernel.Aggregate(1L, (a, b) => a * b);
    }

    /// <summary>A recorded size, which the overloads take as a number, an array or a tuple.</summary>
    private static IEnumerable<long> Numbers(IOperator op, string name) =>
        op.FindArgument(name) switch
        {
            long number => [number],
            IEnumerable<long> numbers => numbers,
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => (long)tuple[i]!),
            _ => [],
        };
}
