using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// The tensors of a network before its speedup. Those that were replaced are left to the garbage collector, since another model may hold
/// them; here nobody does, and what is counted must be gone. The modules are held, too: the finalizer of one that nobody holds would
/// dispose its tensors on another thread, where this thread's count does not see it.
/// </summary>
internal sealed class OriginalTensors(nn.Module network) : IDisposable
{
    private readonly nn.Module[] _modules = [.. network.modules()];
    private readonly Tensor[] _tensors = [.. network.named_parameters().Select(entry => entry.parameter), .. network.buffers()];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
            tensor.Dispose();
        GC.KeepAlive(_modules);
    }
}
