using Speedup.Persistence;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>The tensors of a file on their way into a model. What several names stand for is one object there.</summary>
internal sealed class StoredTensors(StateDict content)
{
    private readonly Dictionary<string, Tensor> _taken = new(StringComparer.Ordinal);

    /// <summary>The tensor as the file has it; it stays the file's.</summary>
    public Tensor Peek(string name) => content[name];

    /// <summary>The tensor for a module to keep: each time the same object, which no longer is the file's.</summary>
    public Tensor Take(string name, Device device)
    {
        if (!_taken.TryGetValue(name, out Tensor? taken))
            _taken[name] = taken = content[name].detach().to(device).DetachFromDisposeScope();
        return taken;
    }

    /// <summary>As <see cref="Take"/>, as a parameter.</summary>
    public Tensor TakeParameter(string name, Device device, bool requiresGrad)
    {
        Tensor taken = Take(name, device);
        return taken is Parameter ? taken : _taken[name] = new Parameter(taken, requiresGrad).DetachFromDisposeScope();
    }

    /// <summary>Lets a name stand for a tensor that a module has made for itself.</summary>
    public void Use(string name, Tensor own) => _taken[name] = own;
}
