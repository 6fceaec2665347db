using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.BatchNorm;

/// <summary>
/// Handles normalisations in eval mode that treat each channel by itself: <c>weight * (x - mean) / sqrt(var + eps) + bias</c>.
/// Without running statistics mean and var are the input's own, so that of a constant the bias is left.
/// </summary>
internal abstract class ChannelNormHandler<TModule> : RuleModuleHandler<TModule>
    where TModule : NormBase
{
    private static readonly string[] PerChannel = ["weight", "bias", "running_mean", "running_var"];

    public override OperatorDescription Description =>
        new(
            "a constant channel is normalised; without running statistics the bias is left of it",
            "a channel",
            "without running statistics a constant that is large beside `sqrt(eps)`: rounding decides what is left of it"
        )
        {
            Weight = "a channel whose weight is masked is its bias, and its input unused",
        };

    /// <summary>Number of axes from the channels on.</summary>
    protected abstract int AxesFromChannels(TModule module, IOperator op);

    /// <summary>A module like another one, with other channels.</summary>
    protected abstract TModule CreateEmpty(TModule original, long channels, Device? device, ScalarType? dtype);

    protected sealed override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        AxisRef output = OutputOf(op);
        var parameters = new ChannelParameters(op, ModuleOf(op).eps);
        return
        [
            new MaskedScale(InputOf(op), output),
            new AlignedAxes([InputOf(op)], [output]) { OfConstant = parameters.Normalize },
            .. TiedAxes.OfParameters(op, PerChannel, output),
        ];
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private nn.Module Build(IReplacement replacement)
    {
        using var _ = no_grad();
        TModule original = ModuleOf(replacement);
        AxisRef output = OutputOf(replacement);
        Tensor? model = original.affine ? original.weight : original.running_mean;
        TModule small = CreateEmpty(original, replacement.Kept(output).Count, model?.device, model?.dtype);
        small.momentum = original.momentum;
        if (original.affine)
        {
            small.weight = nn.Parameter(Select(replacement, "weight", output)!);
            small.bias = Select(replacement, "bias", output) is { } bias ? nn.Parameter(bias) : null;
        }
        if (original.track_running_stats)
        {
            small.running_mean = Select(replacement, "running_mean", output);
            small.running_var = Select(replacement, "running_var", output);
            small.num_batches_tracked = original.num_batches_tracked?.clone();
        }
        return small;
    }

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);

    private AxisRef InputOf(IOperator op) => AxisRef.OfInput(0, -AxesFromChannels(ModuleOf(op), op));

    private AxisRef OutputOf(IOperator op) => AxisRef.OfOutput(0, -AxesFromChannels(ModuleOf(op), op));

    private static Tensor? Select(IReplacement replacement, string name, AxisRef axis)
    {
        using var scope = NewDisposeScope();
        return replacement.FindParameter(name)?.Masked() is { } masked
            ? replacement.SelectKept(masked, 0, axis).MoveToOuterDisposeScope()
            : null;
    }
}
