using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Reorders axes, as <c>x.permute</c> does: <c>new Permute(0, 2, 3, 1)</c> turns [N, C, H, W] into [N, H, W, C].</summary>
public sealed class Permute : nn.Module<Tensor, Tensor>
{
    private readonly long[] _permutation;

    /// <summary>Creates the module.</summary>
    /// <param name="permutation">For each axis of the result the axis of the input, from the back if negative; each once.</param>
    /// <exception cref="ArgumentException">It is empty, or not a permutation.</exception>
    public Permute(params long[] permutation)
        : base(nameof(Permute))
    {
        _permutation = Numbers.Axes(permutation, nameof(permutation));
        long rank = _permutation.Length;
        if (
            !_permutation
                .Select(axis => axis < 0 ? axis + rank : axis)
                .Order()
                .SequenceEqual(Enumerable.Range(0, (int)rank).Select(i => (long)i))
        )
            throw new ArgumentException($"[{string.Join(", ", _permutation)}] is not a permutation of {rank} axes.", nameof(permutation));
    }

    /// <summary>For each axis of the result the axis of the input, from the back if negative.</summary>
    public IReadOnlyList<long> Permutation => _permutation;

    /// <summary>Reorders the axes of a tensor.</summary>
    /// <param name="input">A tensor with as many axes as the permutation, any dtype.</param>
    /// <returns>A view of the input; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.permute(_permutation);
    }
}
