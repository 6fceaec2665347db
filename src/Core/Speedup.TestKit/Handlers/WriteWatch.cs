using Speedup.TestKit.Networks;
using static TorchSharp.torch;

namespace Speedup.TestKit.Handlers;

/// <summary>Tells whether the tensors of a module were written to.</summary>
internal sealed class WriteWatch : IDisposable
{
    private readonly List<(string Name, Tensor Value)> _before = [];
    private nn.Module? _module;

    /// <summary>Takes a copy of a module's parameters and buffers, if it has not that one: between two calls the engine may write to them.</summary>
    /// <param name="module">The module; null for a function.</param>
    public void Begin(nn.Module? module)
    {
        if (ReferenceEquals(module, _module) && (module is null || Bits.FindChange(_before, module) is null))
            return;
        Reset();
        _module = module;
        if (module is null)
            return;
        foreach ((string name, Tensor value) in Bits.Copy(module))
            _before.Add((name, value.DetachFromDisposeScope()));
    }

    /// <summary>The name of the first tensor that is not what it was; null if all are. A change is told once.</summary>
    public string? FindChange()
    {
        if (_module is not { } module || Bits.FindChange(_before, module) is not { } changed)
            return null;
        Begin(module);
        return changed;
    }

    /// <summary>Forgets the module.</summary>
    public void Reset()
    {
        foreach ((_, Tensor value) in _before)
            value.Dispose();
        _before.Clear();
        _module = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();
}
