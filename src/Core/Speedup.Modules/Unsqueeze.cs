using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Adds an axis of length 1, as <c>x.unsqueeze</c> does.</summary>
public sealed class Unsqueeze : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim">Where the new axis is in the result, from the back if negative.</param>
    public Unsqueeze(long dim)
        : base(nameof(Unsqueeze)) => Dim = dim;

    /// <summary>Where the new axis is in the result, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>Adds the axis.</summary>
    /// <param name="input">Any shape, any dtype.</param>
    /// <returns>A view of the input; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.unsqueeze(Dim);
    }
}
