using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Gives a tensor another shape, as <c>x.reshape</c> does: <c>new Reshape(-1, 400)</c>.</summary>
public sealed class Reshape : nn.Module<Tensor, Tensor>
{
    private readonly long[] _shape;

    /// <summary>Creates the module.</summary>
    /// <param name="shape">The lengths of all axes; one may be -1, "whatever is left", which the batch should be.</param>
    /// <exception cref="ArgumentException">A length is neither positive nor -1, or more than one is -1.</exception>
    public Reshape(params long[] shape)
        : base(nameof(Reshape)) => _shape = Numbers.Shape(shape);

    /// <summary>The lengths of all axes; one may be -1.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Gives a tensor its new shape; the row-major order of elements stays.</summary>
    /// <param name="input">A tensor with as many elements, any dtype.</param>
    /// <returns>A view of the input, or a copy where there can be no view; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.reshape(_shape);
    }
}
