using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Multiplies matrices, as <c>x.matmul</c> does.</summary>
public sealed class MatMul : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    public MatMul()
        : base(nameof(MatMul)) { }

    /// <summary>Computes <c>left @ right</c>.</summary>
    /// <param name="left"><c>[..., rows, n]</c>, or a vector <c>[n]</c>.</param>
    /// <param name="right"><c>[..., n, columns]</c>, or a vector <c>[n]</c>; axes before the last two are broadcast.</param>
    /// <returns>A new tensor <c>[..., rows, columns]</c> without the axes of vectors, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public override Tensor forward(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (!MatrixShapes.Fit(left.shape, right.shape))
            throw new ArgumentException(
                $"[{string.Join(", ", left.shape)}] cannot be multiplied by [{string.Join(", ", right.shape)}].",
                nameof(right)
            );
        return left.matmul(right);
    }
}
