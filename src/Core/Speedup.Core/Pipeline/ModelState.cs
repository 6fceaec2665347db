using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>
/// Puts a model into evaluation mode without gradients while it lives; training flags and the state of the random generator come
/// back when it is disposed.
/// </summary>
internal sealed class ModelState : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _flags;
    private readonly Tensor? _random = RandomState.Read();
    private readonly IDisposable _noGradients = no_grad();

    /// <summary>Prepares a model.</summary>
    public ModelState(ModelInventory inventory)
    {
        _flags = [.. inventory.Modules.Select(entry => (entry.Module, entry.Module.training))];
        inventory.Root.eval();
        foreach ((nn.Module module, _) in _flags)
            module.eval();
    }

    /// <summary>Notes that a module took the place of another one, whose flag it is to get.</summary>
    public void Follow(nn.Module old, nn.Module replacement)
    {
        int at = _flags.FindIndex(entry => ReferenceEquals(entry.Module, old));
        if (at >= 0)
            _flags[at] = (replacement, _flags[at].Training);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Parents first: train() goes down to children, which are then set again.
        foreach ((nn.Module module, bool training) in _flags)
        {
            if (module.training != training)
                module.train(training);
        }
        if (_random is not null)
            set_rng_state(_random);
        _random?.Dispose();
        _noGradients.Dispose();
    }
}
