using Speedup.Core.Models;

namespace Speedup.Core.Tracing;

/// <summary>Looks at a cancellation wherever a pass without tracing calls a module, until it is disposed. Modules are then as they were.</summary>
internal sealed class CancellationHooks : IDisposable
{
    private readonly List<IDisposable> _hooks = [];

    /// <summary>Hooks into a model; not at all where nobody can cancel.</summary>
    public CancellationHooks(ModelInventory inventory, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
            return;
        foreach ((_, TorchSharp.torch.nn.Module module) in inventory.Modules)
        {
            if (CallHook.TryAdd(module, cancellation.ThrowIfCancellationRequested) is { } hook)
                _hooks.Add(hook);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }
}
