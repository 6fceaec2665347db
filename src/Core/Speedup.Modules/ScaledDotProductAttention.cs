using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Attention of queries to keys and values, as <c>nn.functional.scaled_dot_product_attention</c> computes it.</summary>
public sealed class ScaledDotProductAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dropout">Probability with which a weight of attention is dropped in training; in evaluation none is.</param>
    /// <param name="isCausal">Whether a position sees only itself and those before it. Then no mask can be given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public ScaledDotProductAttention(double dropout = 0, bool isCausal = false)
        : base(nameof(ScaledDotProductAttention))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        Dropout = dropout;
        IsCausal = isCausal;
    }

    /// <summary>Probability with which a weight of attention is dropped in training.</summary>
    public double Dropout { get; }

    /// <summary>Whether a position sees only itself and those before it.</summary>
    public bool IsCausal { get; }

    /// <summary>Computes <c>softmax(query @ key^T / sqrt(E) + mask) @ value</c>.</summary>
    /// <param name="query"><c>[..., L, E]</c>, floating point.</param>
    /// <param name="key"><c>[..., S, E]</c>.</param>
    /// <param name="value"><c>[..., S, V]</c>.</param>
    /// <param name="mask"><c>[..., L, S]</c>: true where a key is seen, or what is added to the scores; null for none.</param>
    /// <returns>A new tensor <c>[..., L, V]</c>, owned by the caller.</returns>
    /// <exception cref="ArgumentException">A mask is given though the module is causal.</exception>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (IsCausal && mask is not null)
            throw new ArgumentException("A causal module takes no mask.", nameof(mask));
        return nn.functional.scaled_dot_product_attention(query, key, value, mask!, training ? Dropout : 0, IsCausal);
    }
}
