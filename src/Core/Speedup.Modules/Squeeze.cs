using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Takes an axis of length 1 away, or all of them, as <c>x.squeeze</c> does.</summary>
public sealed class Squeeze : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim">The axis, from the back if negative; null for every axis of length 1, a batch of one included.</param>
    public Squeeze(long? dim = null)
        : base(nameof(Squeeze)) => Dim = dim;

    /// <summary>The axis, from the back if negative; null for every axis of length 1.</summary>
    public long? Dim { get; }

    /// <summary>Takes the axis away; an axis of another length stays.</summary>
    /// <param name="input">Any shape with the axis, any dtype.</param>
    /// <returns>A view of the input; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.squeeze(Dim);
    }
}
