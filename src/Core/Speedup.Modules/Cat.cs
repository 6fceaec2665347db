using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Joins tensors along an axis, as <c>torch.cat</c> does: <c>cat.call([x, y])</c>.</summary>
public sealed class Cat : nn.Module<Tensor[], Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim">The axis, from the back if negative. Channels are axis 1.</param>
    public Cat(long dim = 0)
        : base(nameof(Cat)) => Dim = dim;

    /// <summary>The axis, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>Joins the tensors in order.</summary>
    /// <param name="input">At least one tensor; all have the same shape but for the axis.</param>
    /// <returns>A new tensor, owned by the caller; its length along the axis is the sum of theirs.</returns>
    /// <exception cref="ArgumentException">There is no tensor.</exception>
    public override Tensor forward(Tensor[] input) => cat(Tensors.AtLeastOne(input), Dim);
}
