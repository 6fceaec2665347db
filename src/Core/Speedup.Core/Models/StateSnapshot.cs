using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// What a forward pass may write: the elements of all tensors that the model holds (running statistics, counters, caches, and parameters,
/// which <c>nn.Embedding</c> with a largest norm shrinks), what fields, collections and modules refer to, flags, gradients, generators and the
/// default dtype. Passes that run through it all start from the same state, and leave that behind, bit for bit and object by object.
/// </summary>
internal sealed class StateSnapshot : IDisposable
{
    private readonly FieldSnapshot _fields;
    private readonly ChildSnapshot _children;
    private readonly HeldTensors _tensors;
    private readonly GeneratorStates _generators;
    private readonly ProcessState _process = new();
    private readonly Tensor? _random;

    /// <summary>Copies the tensors of a model, and notes what its objects hold.</summary>
    /// <param name="inventory">The model.</param>
    /// <param name="store">Where the copies go; it must live longer.</param>
    /// <param name="random">
    /// The state of the process's generator with which every pass begins; null for a model that draws no random numbers, when that generator is none
    /// of its business. It stays the caller's.
    /// </param>
    /// <param name="cancellation">Looked at between the copies.</param>
    public StateSnapshot(ModelInventory inventory, TensorStore store, Tensor? random = null, CancellationToken cancellation = default)
    {
        _random = random;
        _fields = new FieldSnapshot(inventory);
        _children = new ChildSnapshot(inventory);
        _tensors = new HeldTensors(Registered(inventory).Concat(_fields.Tensors), store, cancellation);
        _generators = new GeneratorStates(_fields.Generators);
    }

    /// <summary>What the passes so far have written.</summary>
    public StateChanges Changes { get; } = new();

    /// <summary>Runs a pass.</summary>
    public T Run<T>(Func<T> pass)
    {
        if (_random is not null)
            set_rng_state(_random);
        try
        {
            return pass();
        }
        finally
        {
            PutBack();
        }
    }

    /// <summary>Puts back what has changed since.</summary>
    public void PutBack()
    {
        _process.Restore(Changes); // first: what follows makes tensors
        using var _ = no_grad();
        if (_random is not null)
            set_rng_state(_random);
        _generators.Restore();
        _fields.Restore(Changes, _tensors.IsLike);
        _children.Restore(Changes);
        _tensors.Restore(Changes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors.Dispose();
        _generators.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Registered(ModelInventory inventory) =>
        from entry in inventory.Modules
        from own in ModelInventory.TensorsOf(entry.Module)
        select (TensorPath.Join(entry.Path, own.Name), own.Tensor);
}
