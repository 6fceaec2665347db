using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// What a forward pass may write: the values of buffers (running statistics, counters; even in evaluation mode <c>InstanceNorm</c>
/// writes back means that it has rounded), and what fields and collections hold (caches of masks and of position tables). Passes that run
/// through it all start from the same state, and leave that behind.
/// </summary>
internal sealed class StateSnapshot : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> _copies = [];
    private readonly FieldSnapshot _fields;

    /// <summary>Copies the buffers of a model, and notes what its objects hold.</summary>
    public StateSnapshot(ModelInventory inventory)
    {
        using var noGradients = no_grad();
        _fields = new FieldSnapshot(inventory);
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach ((_, nn.Module module) in inventory.Modules)
        foreach ((_, Tensor buffer) in module.named_buffers(recurse: false))
        {
            if (seen.Add(buffer) && !buffer.IsInvalid && !IsExpanded(buffer))
                _copies.Add((buffer, buffer.detach().clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Runs a pass of which a graph is made: it sees the tensors that the model holds.</summary>
    public T RunTraced<T>(Func<T> pass)
    {
        try
        {
            return pass();
        }
        finally
        {
            Restore();
        }
    }

    /// <summary>Runs a pass of which only the outputs count: cached tensors that it disposes are not those that the model holds.</summary>
    public T Run<T>(Func<T> pass)
    {
        _fields.PutAliases();
        return RunTraced(pass);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor copy) in _copies)
            copy.Dispose();
        _copies.Clear();
        _fields.Dispose();
    }

    private void Restore()
    {
        using var _ = no_grad();
        _fields.Restore();
        foreach ((Tensor buffer, Tensor copy) in _copies)
        {
            if (!buffer.IsInvalid && buffer.shape.AsSpan().SequenceEqual(copy.shape))
                buffer.copy_(copy);
        }
    }

    /// <summary>One entry of memory that stands for several: nothing can be written to it.</summary>
    private static bool IsExpanded(Tensor tensor) => tensor.shape.Zip(tensor.stride()).Any(axis => axis.First > 1 && axis.Second == 0);
}
