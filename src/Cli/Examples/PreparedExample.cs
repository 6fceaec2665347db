using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>The tensors of one example: two copies of one network, one to mask and one to make smaller, and the masks.</summary>
internal sealed class PreparedExample(nn.Module<Tensor, Tensor> dense, nn.Module<Tensor, Tensor> small, MaskSet masks, Tensor input)
    : IDisposable
{
    /// <summary>The dense network; stays as it is.</summary>
    public nn.Module<Tensor, Tensor> Dense { get; } = dense;

    /// <summary>An equal network, for the engine.</summary>
    public nn.Module<Tensor, Tensor> Small { get; } = small;

    /// <summary>The masks of both.</summary>
    public MaskSet Masks { get; } = masks;

    /// <summary>A random input of the documentation's shape.</summary>
    public Tensor Input { get; } = input;

    public void Dispose()
    {
        Dense.Dispose();
        Small.Dispose();
        Masks.Dispose();
        Input.Dispose();
    }
}
