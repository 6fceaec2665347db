using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace HostApp.Masks;

/// <summary>Where this application's masks come from.</summary>
internal interface IMaskSource
{
    /// <summary>Masks for a model; they belong to the caller.</summary>
    MaskSet Create(nn.Module model);
}
