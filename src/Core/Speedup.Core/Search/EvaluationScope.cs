using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>
/// Puts a model into evaluation mode without gradients while it lives; training flags come back when it is disposed, and so does the state
/// of the process's random generator if the model draws from it. Otherwise that generator is left alone: other threads may be drawing.
/// </summary>
internal sealed class EvaluationScope : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _flags;
    private readonly Tensor? _random = GeneratorState.Read();
    private readonly IDisposable _noGradients = no_grad();

    /// <summary>Prepares a model.</summary>
    public EvaluationScope(ModelInventory inventory)
    {
        _flags = [.. inventory.Modules.Select(entry => (entry.Module, entry.Module.training))];
        inventory.Root.eval();
        foreach ((nn.Module module, _) in _flags)
            module.eval();
    }

    /// <summary>Copies of the model's tensors.</summary>
    public TensorStore Store { get; } = new();

    /// <summary>Whether the model draws random numbers.</summary>
    public bool Draws { get; private set; }

    /// <summary>Notes what a model, which may be the small one, holds now.</summary>
    public StateSnapshot Take(ModelInventory inventory) => new(inventory, Store, Draws ? _random : null);

    /// <summary>
    /// Finds out from the first pass whether the model draws random numbers: it calls a function that does, or the generator has moved on and there
    /// is code that was not followed. If there is none, somebody else has drawn.
    /// </summary>
    public void NoteDraws(TraceResult first)
    {
        Draws = first.Draws.Count > 0 || (first.Graph.Nodes.Any(node => node.Kind == NodeKind.Escape) && HasMoved());
        if (Draws && _random is not null)
            set_rng_state(_random);
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
        if (Draws && _random is not null)
            set_rng_state(_random);
        _random?.Dispose();
        Store.Dispose();
        _noGradients.Dispose();
    }

    private bool HasMoved()
    {
        using Tensor? now = GeneratorState.Read();
        return now is not null && _random is not null && !now.Equals(_random);
    }
}
