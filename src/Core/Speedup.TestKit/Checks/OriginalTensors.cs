using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// The tensors of a network before its speedup. Those that were replaced are left to the garbage collector, since another model may hold
/// them; here nobody does, and what is counted must be gone.
/// </summary>
internal sealed class OriginalTensors(nn.Module network) : IDisposable
{
    private readonly Tensor[] _tensors = [.. network.named_parameters().Select(entry => entry.parameter), .. network.buffers()];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
            tensor.Dispose();
    }
}
