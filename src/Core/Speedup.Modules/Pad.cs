using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Pads axes, as <c>nn.functional.pad</c> does; also channels, such as those of a shortcut that has fewer than the branch beside it.</summary>
public sealed class Pad : nn.Module<Tensor, Tensor>
{
    private readonly long[] _sizes;

    /// <summary>Creates the module.</summary>
    /// <param name="sizes">What is added before and after each axis, the last axis first; negative where it is cropped.</param>
    /// <param name="mode">What it is padded with.</param>
    /// <param name="value">The number, where the mode is constant.</param>
    /// <exception cref="ArgumentException">There is not an even number of sizes, or none.</exception>
    public Pad(IEnumerable<long> sizes, PaddingModes mode = PaddingModes.Constant, double value = 0)
        : base(nameof(Pad))
    {
        ArgumentNullException.ThrowIfNull(sizes);
        _sizes = [.. sizes];
        if (_sizes.Length == 0 || _sizes.Length % 2 != 0)
            throw new ArgumentException(
                $"[{string.Join(", ", _sizes)}] must hold two numbers for each axis, before and after.",
                nameof(sizes)
            );
        Mode = mode;
        Value = value;
    }

    /// <summary>What is added before and after each axis, the last axis first.</summary>
    public IReadOnlyList<long> Sizes => _sizes;

    /// <summary>What it is padded with.</summary>
    public PaddingModes Mode { get; }

    /// <summary>The number, where the mode is constant.</summary>
    public double Value { get; }

    /// <summary>Pads a tensor.</summary>
    /// <param name="input">A tensor with at least as many axes as there are pairs of sizes.</param>
    /// <returns>A new tensor, owned by the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return nn.functional.pad(input, _sizes, Mode, Value);
    }
}
