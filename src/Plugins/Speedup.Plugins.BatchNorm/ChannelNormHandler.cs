using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using BatchNormModule = TorchSharp.Modules.BatchNorm;

namespace Speedup.Plugins.BatchNorm;

/// <summary>
/// Handles <c>nn.BatchNorm1d</c>, <c>BatchNorm2d</c> and <c>BatchNorm3d</c> in eval mode, channel by channel:
/// <c>weight * (x - mean) / sqrt(var + eps) + bias</c> on axis 1. Without running statistics mean and var are the input's own.
/// </summary>
internal sealed class BatchNormHandler : ModuleHandler<BatchNormModule>
{
    private static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);
    private static readonly string[] PerChannel = ["weight", "bias", "running_mean", "running_var"];

    public override IReadOnlyList<Type> ModuleTypes => [typeof(BatchNorm1d), typeof(BatchNorm2d), typeof(BatchNorm3d)];

    public override void InferFromWeight(IOperator op)
    {
        if (op.FindParameter("weight")?.Pattern is not { } pattern)
            return;
        double[]? bias = null;
        for (int c = 0; c < pattern.Rows; c++)
        {
            if (!pattern.IsRowZero(c))
                continue;
            bias ??= Entries(op, "bias") ?? new double[pattern.Rows];
            op.Facts(Output).SetConstant(c, bias[c]);
            op.Facts(Input).SetUnused(c);
        }
    }

    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Facts(Input);
        AxisFacts output = op.Facts(Output);
        if (!input.AnyConstant)
            return;
        double[]? weight = Entries(op, "weight");
        double[]? bias = Entries(op, "bias");
        double[]? mean = Entries(op, "running_mean");
        double[]? variance = Entries(op, "running_var");
        double eps = ModuleOf(op).eps;
        for (int c = 0; c < input.Length; c++)
        {
            if (!input.IsConstant(c) || output.IsConstant(c))
                continue;
            double centred = mean is null || variance is null ? 0 : (input.ConstantAt(c) - mean[c]) / Math.Sqrt(variance[c] + eps);
            output.SetConstant(c, ((weight?[c] ?? 1) * centred) + (bias?[c] ?? 0));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        for (int c = 0; output.AnyUnused && c < output.Length; c++)
        {
            if (!output.IsUsed(c))
                op.Facts(Input).SetUnused(c);
        }
    }

    public override void Relate(IRelations relations)
    {
        relations.Tie(Input, Output);
        foreach (string name in PerChannel.Where(name => relations.FindParameter(name) is not null))
            relations.Tie(AxisRef.OfParameter(name, 0), Output);
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        using var _ = no_grad();
        BatchNormModule original = ModuleOf(replacement);
        IReadOnlyList<long> kept = replacement.Kept(Output);
        BatchNormModule small = CreateEmpty(original, kept.Count);
        small.momentum = original.momentum;
        if (original.affine)
        {
            small.weight = nn.Parameter(Select(replacement, "weight", kept)!);
            small.bias = Select(replacement, "bias", kept) is { } bias ? nn.Parameter(bias) : null;
        }
        if (original.track_running_stats)
        {
            small.running_mean = Select(replacement, "running_mean", kept);
            small.running_var = Select(replacement, "running_var", kept);
            small.num_batches_tracked = original.num_batches_tracked?.clone();
        }
        return small;
    }

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);

    private static BatchNormModule CreateEmpty(BatchNormModule original, long channels)
    {
        Tensor? model = original.affine ? original.weight : original.running_mean;
        Device? device = model?.device;
        return original switch
        {
            BatchNorm1d => nn.BatchNorm1d(channels, original.eps, 0, original.affine, original.track_running_stats, device, model?.dtype),
            BatchNorm2d => nn.BatchNorm2d(channels, original.eps, 0, original.affine, original.track_running_stats, device, model?.dtype),
            BatchNorm3d => nn.BatchNorm3d(channels, original.eps, 0, original.affine, original.track_running_stats, device, model?.dtype),
            _ => throw new NotSupportedException($"{original.GetType()} is not a batch normalisation that this plugin knows."),
        };
    }

    private static Tensor? Select(IReplacement replacement, string name, IReadOnlyList<long> kept)
    {
        using var scope = NewDisposeScope();
        Tensor? masked = replacement.FindParameter(name)?.Masked();
        return masked?.index_select(0, tensor(kept.ToArray(), device: masked.device)).MoveToOuterDisposeScope();
    }

    private static double[]? Entries(IOperator op, string name) => op.FindParameter(name)?.MaskedEntries();
}
