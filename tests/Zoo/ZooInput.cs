using static TorchSharp.torch;

namespace Zoo;

/// <summary>One input of a network.</summary>
/// <param name="Shape">Its shape, batch first.</param>
/// <param name="Vocabulary">For token numbers: how many there are; null for real values.</param>
public sealed record ZooInput(IReadOnlyList<long> Shape, long? Vocabulary = null)
{
    /// <summary>The same input with another batch.</summary>
    public ZooInput WithBatch(long batch) => this with { Shape = [batch, .. Shape.Skip(1)] };

    /// <summary>Draws values; the tensor belongs to the caller.</summary>
    public Tensor Draw(Generator generator, ScalarType dtype)
    {
        long[] shape = [.. Shape];
        if (Vocabulary is { } vocabulary)
            return randint(0, vocabulary, shape, dtype: ScalarType.Int64, generator: generator);
        using Tensor values = randn(shape, dtype: ScalarType.Float64, generator: generator);
        return values.to(dtype, copy: true);
    }
}
