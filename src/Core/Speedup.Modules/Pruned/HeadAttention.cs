using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>The forward pass of an attention with any number of heads of any width, on <c>[length, batch, width]</c>.</summary>
/// <param name="HeadWidth">Width of a head, which queries are scaled by.</param>
/// <param name="QueryWeight"><c>[heads * headWidth, width of queries]</c>.</param>
/// <param name="KeyWeight"><c>[heads * headWidth, width of keys]</c>.</param>
/// <param name="ValueWeight"><c>[heads * headWidth, width of values]</c>.</param>
/// <param name="InputBias"><c>[3 * heads * headWidth]</c>, or null.</param>
/// <param name="OutputWeight"><c>[width, heads * headWidth]</c>.</param>
/// <param name="OutputBias"><c>[width]</c>, or null.</param>
internal sealed record HeadAttention(
    int HeadWidth,
    Tensor QueryWeight,
    Tensor KeyWeight,
    Tensor ValueWeight,
    Tensor? InputBias,
    Tensor OutputWeight,
    Tensor? OutputBias
)
{
    private long Heads => QueryWeight.shape[0] / HeadWidth;

    /// <summary>Output and weights, in the caller's dispose scope.</summary>
    public (Tensor Output, Tensor Weights) Attend(Tensor query, Tensor key, Tensor value, Tensor? padding, Tensor? mask)
    {
        // LibTorch would say so, but TorchSharp does not turn an error of matmul into an exception: the process would end.
        if (key.shape[0] != value.shape[0] || key.shape[1] != query.shape[1] || value.shape[1] != query.shape[1])
            throw new ArgumentException("Keys and values must be of one length, and of the batch of the queries.", nameof(key));
        Tensor[] biases = InputBias is null ? [] : InputBias.chunk(3);
        using Scalar scale = Math.Sqrt(HeadWidth); // held: TorchSharp lets the collector free a number while the native library reads it
        Tensor q = SplitHeads(nn.functional.linear(query, QueryWeight, biases.ElementAtOrDefault(0)).div(scale));
        Tensor k = SplitHeads(nn.functional.linear(key, KeyWeight, biases.ElementAtOrDefault(1)));
        Tensor v = SplitHeads(nn.functional.linear(value, ValueWeight, biases.ElementAtOrDefault(2)));
        Tensor weights = Hide(q.matmul(k.transpose(-2, -1)), padding, mask).softmax(-1);
        Tensor mixed = weights.matmul(v).permute(2, 0, 1, 3).reshape(query.shape[0], query.shape[1], Heads * HeadWidth);
        return (nn.functional.linear(mixed, OutputWeight, OutputBias), weights);
    }

    /// <summary>Turns <c>[L, N, heads * headWidth]</c> into <c>[N, heads, L, headWidth]</c>.</summary>
    private Tensor SplitHeads(Tensor x) => x.reshape(x.shape[0], x.shape[1], Heads, HeadWidth).permute(1, 2, 0, 3);

    private static Tensor Hide(Tensor scores, Tensor? padding, Tensor? mask)
    {
        if (mask is not null)
            scores = scores + mask; // a Boolean mask too, as the original: LibTorch's C++ module adds one where it is true
        using Scalar hidden = double.NegativeInfinity;
        return padding is null ? scores : scores.masked_fill(padding.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2), hidden);
    }
}
