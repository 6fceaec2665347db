using static TorchSharp.torch;

namespace Speedup.Pruners.Activation;

/// <summary>The mean of what a channel puts out (Molchanov et al., "Pruning Convolutional Neural Networks for Resource Efficient Inference", ICLR 2017).</summary>
internal sealed class MeanActivationPruner(ActivationKind kind) : ActivationPruner("mean-activation", kind)
{
    public override string Description => "channels of the smallest mean output on data";

    protected override Tensor Measure(Tensor activated, ScalarType type) => activated.to(type);
}
