using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles pooling modules; input <c>[N, C, ...]</c> or <c>[C, ...]</c>.</summary>
internal sealed class PoolingHandler : RuleModuleHandler<nn.Module<Tensor, Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(MaxPool1d),
            typeof(MaxPool2d),
            typeof(MaxPool3d),
            typeof(AvgPool1d),
            typeof(AvgPool2d),
            typeof(AvgPool3d),
            typeof(AdaptiveAvgPool1d),
            typeof(AdaptiveAvgPool2d),
            typeof(AdaptiveAvgPool3d),
            typeof(AdaptiveMaxPool1d),
            typeof(AdaptiveMaxPool2d),
            typeof(AdaptiveMaxPool3d),
            typeof(LPPool1d),
            typeof(LPPool2d),
            typeof(FractionalMaxPool2d),
            typeof(FractionalMaxPool3d),
        ];

    internal static OperatorDescription CommonDescription { get; } =
        new(
            "a constant channel stays one, a power-average one as its norm; zero only where the average counts the padding or has a divisor",
            "a channel",
            "positions; the constant that padding mixes with; a fractional pool draws its windows at random, which no verification can repeat"
        );

    public override OperatorDescription Description => CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => PoolingOf(ModuleOf(op), op.Policy).RulesOf(op);

    /// <summary>The rule of a pooling module.</summary>
    internal static PooledAxes PoolingOf(nn.Module module, ConstantPolicy policy) =>
        module switch
        {
            MaxPool1d m => PooledAxes.Max(1, Exceeds(m.padding, 0), Exceeds(m.dilation, 1)),
            MaxPool2d m => PooledAxes.Max(2, Exceeds(m.padding, 0), Exceeds(m.dilation, 1)),
            MaxPool3d m => PooledAxes.Max(3, Exceeds(m.padding, 0), Exceeds(m.dilation, 1)),
            AvgPool1d m => PooledAxes.Average(1, m.count_include_pad && Exceeds(m.padding, 0), false, policy),
            AvgPool2d m => Average(policy, 2, m.count_include_pad, m.padding, m.divisor_override),
            AvgPool3d m => Average(policy, 3, m.count_include_pad, m.padding, m.divisor_override),
            LPPool1d m => PooledAxes.PowerAverage(1, m.norm_type, m.kernel_size),
            LPPool2d m => PooledAxes.PowerAverage(2, m.norm_type, Window(m.kernel_size)),
            AdaptiveAvgPool1d or AdaptiveMaxPool1d => PooledAxes.Adaptive(1),
            AdaptiveAvgPool2d or AdaptiveMaxPool2d or FractionalMaxPool2d => PooledAxes.Adaptive(2),
            _ => PooledAxes.Adaptive(3),
        };

    private static PooledAxes Average(ConstantPolicy policy, int axes, bool countsPadding, long[]? padding, long? divisor) =>
        PooledAxes.Average(axes, countsPadding && Exceeds(padding, 0), divisor is not null, policy);

    private static bool Exceeds(long? value, long limit) => value > limit;

    private static bool Exceeds(long[]? values, long limit) => values?.Any(value => value > limit) == true;

    private static double Window(long[] kernel) => kernel.Length == 1 ? kernel[0] * kernel[0] : kernel.Aggregate(1L, (a, b) => a * b);
}
