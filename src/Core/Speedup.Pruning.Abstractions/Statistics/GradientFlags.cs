using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Lets gradients flow to parameters for as long as it lives, also to frozen ones.</summary>
internal sealed class GradientFlags : IDisposable
{
    private readonly Tensor[] _frozen;

    public GradientFlags(IEnumerable<Tensor> parameters)
    {
        _frozen = [.. parameters.Where(parameter => !parameter.requires_grad)];
        foreach (Tensor parameter in _frozen)
            parameter.requires_grad = true;
    }

    public void Dispose()
    {
        foreach (Tensor parameter in _frozen)
            parameter.requires_grad = false;
    }
}
