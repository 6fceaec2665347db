using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>
/// Cuts a tensor into parts of equal length, as <c>torch.chunk</c> does. Pruning may leave parts of different lengths: then the smaller module
/// has <see cref="Sizes"/>.
/// </summary>
public sealed class Chunk : nn.Module<Tensor, Tensor[]>
{
    private readonly long[]? _sizes;

    /// <summary>Creates the module.</summary>
    /// <param name="chunks">Number of parts; the last one is shorter where the axis cannot be divided.</param>
    /// <param name="dim">The axis, from the back if negative. Channels are axis 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no part.</exception>
    public Chunk(long chunks, long dim = 0)
        : base(nameof(Chunk))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
        Chunks = chunks;
        Dim = dim;
    }

    private Chunk(long[] sizes, long dim)
        : this(sizes.Length, dim) => _sizes = sizes;

    /// <summary>Number of parts.</summary>
    public long Chunks { get; }

    /// <summary>The axis, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>The length of each part; null where they are as equal as can be.</summary>
    public IReadOnlyList<long>? Sizes => _sizes;

    /// <summary>Creates a module that makes parts of given lengths, which takes the place of one whose parts were pruned unequally.</summary>
    /// <param name="sizes">The length of each part, at least one.</param>
    /// <param name="dim">The axis, from the back if negative.</param>
    /// <exception cref="ArgumentException">There is no part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    public static Chunk OfSizes(IEnumerable<long> sizes, long dim = 0) => new(Numbers.Lengths(sizes, nameof(sizes)), dim);

    /// <summary>Cuts a tensor.</summary>
    /// <param name="input">Any shape with the axis, any dtype.</param>
    /// <returns>Views of the input, in order; they belong to the caller.</returns>
    public override Tensor[] forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _sizes is null ? input.chunk(Chunks, Dim) : input.split(_sizes, Dim);
    }
}
