using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Cuts a tensor into parts of given lengths, as <c>torch.split</c> does.</summary>
public sealed class Split : nn.Module<Tensor, Tensor[]>
{
    private readonly long[]? _sizes;

    /// <summary>Creates a module that makes parts of given lengths.</summary>
    /// <param name="sizes">The length of each part, at least one; their sum is the length of the axis.</param>
    /// <param name="dim">The axis, from the back if negative. Channels are axis 1.</param>
    /// <exception cref="ArgumentException">There is no part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    public Split(IEnumerable<long> sizes, long dim = 0)
        : base(nameof(Split))
    {
        _sizes = Numbers.Lengths(sizes, nameof(sizes));
        Dim = dim;
    }

    /// <summary>Creates a module that makes parts of one length.</summary>
    /// <param name="size">The length of each part; the last one is shorter where the axis cannot be divided.</param>
    /// <param name="dim">The axis, from the back if negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public Split(long size, long dim = 0)
        : base(nameof(Split))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        Dim = dim;
    }

    /// <summary>The length of each part; null where all have the same.</summary>
    public IReadOnlyList<long>? Sizes => _sizes;

    /// <summary>The length of all parts; null where each has its own.</summary>
    public long? Size { get; }

    /// <summary>The axis, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>Cuts a tensor.</summary>
    /// <param name="input">Any shape with the axis, any dtype.</param>
    /// <returns>Views of the input, in order; they belong to the caller.</returns>
    public override Tensor[] forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _sizes is null ? input.split(Size!.Value, checked((int)Dim)) : input.split(_sizes, Dim);
    }
}
