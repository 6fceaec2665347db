using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>A model and masks as a folder holds them.</summary>
/// <param name="Model">Fresh from the factory, with the weights and the shape of the folder.</param>
/// <param name="IsSmall">Whether its shape is not the factory's.</param>
/// <param name="Masks">Masks of the model, or null.</param>
internal sealed record PipelineState(nn.Module Model, bool IsSmall, MaskSet? Masks) : IDisposable
{
    public void Dispose()
    {
        Masks?.Dispose();
        Model.Dispose();
    }
}
