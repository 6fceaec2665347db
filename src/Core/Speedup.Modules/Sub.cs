using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Subtracts two tensors element by element, as <c>x - y</c> does.</summary>
public sealed class Sub : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    public Sub()
        : base(nameof(Sub)) { }

    /// <summary>Computes <c>left - right</c>.</summary>
    /// <param name="left">Any shape and dtype.</param>
    /// <param name="right">A shape that broadcasts with the other one: axes count from the back, and an axis of length 1 is repeated.</param>
    /// <returns>A new tensor of the broadcast shape, owned by the caller.</returns>
    public override Tensor forward(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left - right;
    }
}
