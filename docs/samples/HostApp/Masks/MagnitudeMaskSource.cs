using MathNet.Numerics.Statistics;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HostApp.Masks;

/// <summary>Prunes the filters of each convolution whose weights are smallest. Their biases stay, and leave constants behind.</summary>
internal sealed class MagnitudeMaskSource(double sparsity) : IMaskSource
{
    /// <inheritdoc/>
    public MaskSet Create(nn.Module model) =>
        new(
            model
                .named_modules()
                .Where(child => child.module is Conv2d)
                .Select(child => new MaskEntry(child.name, "weight", MaskOf(((Conv2d)child.module).weight)))
        );

    private Tensor MaskOf(Tensor weight)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor norms = weight.abs().sum([1, 2, 3]).to(ScalarType.Float64);
        double threshold = norms.data<double>().ToArray().Quantile(sparsity);
        return norms.gt(threshold).to(weight.dtype).view(-1, 1, 1, 1).expand_as(weight).contiguous().MoveToOuterDisposeScope();
    }
}
