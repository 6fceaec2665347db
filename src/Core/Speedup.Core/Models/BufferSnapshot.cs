using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// The values of all buffers of a model. A forward pass may write them: running statistics, counters, caches. Even in evaluation mode
/// <c>InstanceNorm</c> writes back means that it has rounded.
/// </summary>
internal sealed class BufferSnapshot : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> _copies = [];

    /// <summary>Copies them.</summary>
    public BufferSnapshot(ModelInventory inventory)
    {
        using var noGradients = no_grad();
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach ((_, nn.Module module) in inventory.Modules)
        foreach ((_, Tensor buffer) in module.named_buffers(recurse: false))
        {
            if (seen.Add(buffer) && !buffer.IsInvalid && !IsExpanded(buffer))
                _copies.Add((buffer, buffer.detach().clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Writes them back, bit for bit. Buffers that were disposed since are left out.</summary>
    public void Restore()
    {
        using var _ = no_grad();
        foreach ((Tensor buffer, Tensor copy) in _copies)
        {
            if (!buffer.IsInvalid && buffer.shape.AsSpan().SequenceEqual(copy.shape))
                buffer.copy_(copy);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor copy) in _copies)
            copy.Dispose();
        _copies.Clear();
    }

    /// <summary>One entry of memory that stands for several: nothing can be written to it.</summary>
    private static bool IsExpanded(Tensor tensor) => tensor.shape.Zip(tensor.stride()).Any(axis => axis.First > 1 && axis.Second == 0);
}
