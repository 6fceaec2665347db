using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>What a forward pass may change besides its model: the default element type of the process, and whether this thread records gradients.</summary>
internal sealed class ProcessState
{
    private readonly ScalarType _type = get_default_dtype();
    private readonly bool _gradients = is_grad_enabled();

    /// <summary>Puts back what has changed.</summary>
    public void Restore(StateChanges changes)
    {
        if (is_grad_enabled() != _gradients)
            set_grad_enabled(_gradients);
        if (get_default_dtype() == _type)
            return;
        changes.Add($"the default dtype, {_type}, which became {get_default_dtype()}");
        set_default_dtype(_type);
    }
}
