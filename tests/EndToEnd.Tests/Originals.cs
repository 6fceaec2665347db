using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>The tensors of a model before its speedup, which leaves those that it replaces to the garbage collector.</summary>
internal sealed class Originals(nn.Module model)
{
    private readonly Tensor[] _tensors = [.. model.state_dict().Values];

    /// <summary>Disposes those that the model holds no longer, so that what is left can be counted.</summary>
    public void DisposeReplaced()
    {
        HashSet<Tensor> held = new(model.state_dict().Values, ReferenceEqualityComparer.Instance);
        foreach (Tensor tensor in _tensors.Where(tensor => !held.Contains(tensor)))
            tensor.Dispose();
    }
}
