using static TorchSharp.torch;

namespace Speedup.Pruners.Activation;

/// <summary>One minus the average part of zeros (Hu et al., "Network Trimming", 2016).</summary>
internal sealed class ApozPruner(ActivationKind kind) : ActivationPruner("apoz", kind)
{
    public override string Description => "channels that are zero most often on data";

    protected override Tensor Measure(Tensor activated, ScalarType type)
    {
        using Tensor none = zeros([], activated.dtype, activated.device);
        return activated.ne(none).to(type);
    }
}
