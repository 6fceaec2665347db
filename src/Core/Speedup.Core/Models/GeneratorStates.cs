using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>The states of random generators that a model holds, which its passes move on.</summary>
internal sealed class GeneratorStates : IDisposable
{
    private readonly List<(Generator Generator, Tensor State)> _states = [];

    /// <summary>Notes the states.</summary>
    public GeneratorStates(IEnumerable<Generator> generators)
    {
        foreach (Generator generator in generators.Distinct(ReferenceEqualityComparer.Instance).Cast<Generator>())
            _states.Add((generator, generator.get_state().DetachFromDisposeScope()));
    }

    /// <summary>Puts them back.</summary>
    public void Restore()
    {
        foreach ((Generator generator, Tensor state) in _states)
            generator.set_state(state);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor state) in _states)
            state.Dispose();
    }
}
