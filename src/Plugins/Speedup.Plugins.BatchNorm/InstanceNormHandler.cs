using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.BatchNorm;

/// <summary>
/// Handles <c>nn.InstanceNorm1d</c>, <c>InstanceNorm2d</c> and <c>InstanceNorm3d</c>: input <c>[N, C, ...]</c> or <c>[C, ...]</c>.
/// </summary>
internal sealed class InstanceNormHandler : ChannelNormHandler<InstanceNorm>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(InstanceNorm1d), typeof(InstanceNorm2d), typeof(InstanceNorm3d)];

    protected override int AxesFromChannels(InstanceNorm module, IOperator op) =>
        module switch
        {
            InstanceNorm1d => 2,
            InstanceNorm2d => 3,
            _ => 4,
        };

    protected override InstanceNorm CreateEmpty(InstanceNorm original, long channels, Device? device, ScalarType? dtype) =>
        original switch
        {
            InstanceNorm1d => nn.InstanceNorm1d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            InstanceNorm2d => nn.InstanceNorm2d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            InstanceNorm3d => nn.InstanceNorm3d(channels, original.eps, 0, original.affine, original.track_running_stats, device, dtype),
            _ => throw new NotSupportedException($"{original.GetType()} is not an instance normalisation that this plugin knows."),
        };
}
