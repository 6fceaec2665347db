using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// What a forward pass may write: the values of buffers (running statistics, counters; even in evaluation mode <c>InstanceNorm</c>
/// writes back means that it has rounded), and what fields and collections hold (caches of masks and of position tables). Passes that run
/// through it all start from the same state, and leave that behind. A model that draws random numbers draws the same ones each time.
/// </summary>
internal sealed class StateSnapshot : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> _copies = [];
    private readonly FieldSnapshot _fields;
    private readonly ChildSnapshot _children;
    private readonly Tensor? _random = RandomState.Read();
    private bool _draws;

    /// <summary>Copies the buffers of a model, and notes what its objects hold.</summary>
    public StateSnapshot(ModelInventory inventory)
    {
        using var noGradients = no_grad();
        _fields = new FieldSnapshot(inventory);
        _children = new ChildSnapshot(inventory);
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
        _random?.Dispose();
    }

    private void Restore()
    {
        using var _ = no_grad();
        RestoreRandom();
        _fields.Restore();
        _children.Restore();
        foreach ((Tensor buffer, Tensor copy) in _copies)
        {
            if (!buffer.IsInvalid && buffer.shape.AsSpan().SequenceEqual(copy.shape))
                buffer.copy_(copy);
        }
    }

    private void RestoreRandom()
    {
        if (_random is null)
            return;
        if (!_draws)
        {
            using Tensor? now = RandomState.Read();
            _draws = now is not null && !now.Equals(_random);
        }
        if (_draws)
            set_rng_state(_random);
    }

    /// <summary>One entry of memory that stands for several: nothing can be written to it.</summary>
    private static bool IsExpanded(Tensor tensor) => tensor.shape.Zip(tensor.stride()).Any(axis => axis.First > 1 && axis.Second == 0);
}
