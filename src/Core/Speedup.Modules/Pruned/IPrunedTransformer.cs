using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>
/// What a transformer of TorchSharp becomes when heads go, or more hidden units of one layer than of another: the same forward pass with
/// parameters of the same names, but with a width for each layer. It has no dropout, since TorchSharp does not show the original's.
/// </summary>
public interface IPrunedTransformer
{
    /// <summary>Width of a head, which queries are scaled by.</summary>
    int HeadWidth { get; }

    /// <summary>What the hidden units are put through.</summary>
    nn.Activations Activation { get; }
}
