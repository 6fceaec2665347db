using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>What <see cref="Mean"/>, <see cref="Sum"/> and <see cref="AMax"/> have in common: they make one number of all along some axes.</summary>
public abstract class AxisReduction : nn.Module<Tensor, Tensor>
{
    private readonly long[] _dims;

    /// <summary>Keeps the axes.</summary>
    /// <param name="name">Name of the module's type.</param>
    /// <param name="dims">The axes, from the back if negative; at least one, each once.</param>
    /// <param name="keepdim">Whether they stay, with length 1.</param>
    private protected AxisReduction(string name, IEnumerable<long> dims, bool keepdim)
        : base(name)
    {
        _dims = Numbers.Axes(dims, nameof(dims));
        KeepDim = keepdim;
    }

    /// <summary>The axes that are reduced, from the back if negative.</summary>
    public IReadOnlyList<long> Dims => _dims;

    /// <summary>Whether they stay, with length 1.</summary>
    public bool KeepDim { get; }

    /// <summary>Reduces a tensor.</summary>
    /// <param name="input">Any shape with the axes; a floating-point dtype for a mean.</param>
    /// <returns>A new tensor, owned by the caller.</returns>
    public sealed override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Reduce(input, _dims);
    }

    /// <summary>Reduces a tensor over axes.</summary>
    private protected abstract Tensor Reduce(Tensor input, long[] dims);
}
