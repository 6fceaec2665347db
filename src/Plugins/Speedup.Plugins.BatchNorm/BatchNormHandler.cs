using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using BatchNormModule = TorchSharp.Modules.BatchNorm;

namespace Speedup.Plugins.BatchNorm;

/// <summary>Handles <c>nn.BatchNorm1d</c>, <c>BatchNorm2d</c> and <c>BatchNorm3d</c>: channels are axis 1.</summary>
internal sealed class BatchNormHandler : ChannelNormHandler<BatchNormModule>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(BatchNorm1d), typeof(BatchNorm2d), typeof(BatchNorm3d)];

    protected override int AxesFromChannels(BatchNormModule module, IOperator op) => op.Input(0).Rank - 1;

    protected override BatchNormModule CreateEmpty(BatchNormModule original, long channels, Device? device, ScalarType? dtype) =>
        original switch
        {
            BatchNorm1d => nn.BatchNorm1d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            BatchNorm2d => nn.BatchNorm2d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            BatchNorm3d => nn.BatchNorm3d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            _ => throw new NotSupportedException($"{original.GetType()} is not a batch normalisation that this plugin knows."),
        };
}
