using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>
/// A smaller module whose output is put back to full width: its channels go to their old places, and the places of the pruned ones hold the
/// constants that those had. It stands where a pruned module's output meets one that is not pruned, as in a residual add. The smaller
/// module is its child <c>inner</c>, so that <c>weight</c> becomes <c>inner.weight</c> in a state dict.
/// </summary>
public sealed class ScatteredOutput : nn.Module<Tensor, Tensor>, ISavableModule
{
    private readonly nn.Module<Tensor, Tensor> inner;
    private readonly Tensor index;
    private readonly Tensor constants;

    /// <summary>Creates the module.</summary>
    /// <param name="inner">The smaller module; the new module takes it over.</param>
    /// <param name="axis">Axis of the output, from the front.</param>
    /// <param name="index">Int64 <c>[channels of inner]</c>: the place of each channel; the new module takes it over.</param>
    /// <param name="constants">
    /// <c>[full width]</c>, in the dtype of the output: what each place holds where no channel of <paramref name="inner"/> goes; the new
    /// module takes it over.
    /// </param>
    /// <exception cref="ArgumentException">The tensors have other ranks or dtypes.</exception>
    public ScatteredOutput(nn.Module<Tensor, Tensor> inner, int axis, Tensor index, Tensor constants)
        : base(nameof(ScatteredOutput))
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(constants);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        if (index.dim() != 1 || index.dtype != ScalarType.Int64)
            throw new ArgumentException("The index must be one axis of Int64.", nameof(index));
        if (constants.dim() != 1)
            throw new ArgumentException("The constants must be one axis.", nameof(constants));
        this.inner = inner;
        Axis = axis;
        this.index = index.DetachFromDisposeScope();
        this.constants = constants.DetachFromDisposeScope();
        register_module(nameof(inner), inner);
        register_buffer(nameof(index), this.index);
        register_buffer(nameof(constants), this.constants);
    }

    /// <summary>Axis of the output whose channels are put back.</summary>
    public int Axis { get; }

    /// <summary>The smaller module.</summary>
    public nn.Module<Tensor, Tensor> Inner => inner;

    /// <summary>Share of the places that channels of <see cref="Inner"/> go to.</summary>
    public double KeptShare => (double)index.shape[0] / constants.shape[0];

    IReadOnlyDictionary<string, object?> ISavableModule.Arguments =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(inner)] = inner,
            ["axis"] = Axis,
            [nameof(index)] = index,
            [nameof(constants)] = constants,
        };

    /// <summary>Runs the smaller module and puts its channels back.</summary>
    /// <param name="input">What the original module takes.</param>
    /// <returns>A tensor of the shape that the original module yields.</returns>
    public override Tensor forward(Tensor input)
    {
        using Tensor narrow = inner.call(input);
        long[] shape = [.. narrow.shape];
        long[] along = [.. Enumerable.Repeat(1L, shape.Length)];
        shape[Axis] = along[Axis] = constants.shape[0];
        using Tensor places = constants.reshape(along);
        using Tensor filled = places.expand(shape);
        return filled.index_copy(Axis, index, narrow);
    }
}
