using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Exchanges two axes, as <c>x.transpose</c> does.</summary>
public sealed class Transpose : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim0">One axis, from the back if negative.</param>
    /// <param name="dim1">The other.</param>
    public Transpose(long dim0, long dim1)
        : base(nameof(Transpose))
    {
        Dim0 = dim0;
        Dim1 = dim1;
    }

    /// <summary>One axis, from the back if negative.</summary>
    public long Dim0 { get; }

    /// <summary>The other.</summary>
    public long Dim1 { get; }

    /// <summary>Exchanges the axes of a tensor.</summary>
    /// <param name="input">Any shape with both axes, any dtype.</param>
    /// <returns>A view of the input; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.transpose(Dim0, Dim1);
    }
}
