using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Changes the resolution, as <c>nn.functional.interpolate</c> does.</summary>
public sealed class Interpolate : nn.Module<Tensor, Tensor>
{
    private readonly long[]? _size;
    private readonly double[]? _scaleFactor;

    /// <summary>Creates the module; it is given either a size or a scale.</summary>
    /// <param name="size">The lengths of the position axes of the result.</param>
    /// <param name="scaleFactor">Or by how much each of them grows.</param>
    /// <param name="mode">How positions between others are computed.</param>
    /// <param name="alignCorners">Whether corners stay corners; null where the mode knows no corners.</param>
    /// <exception cref="ArgumentException">Neither is given, or both, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length or a scale is not positive.</exception>
    public Interpolate(
        IEnumerable<long>? size = null,
        IEnumerable<double>? scaleFactor = null,
        InterpolationMode mode = InterpolationMode.Nearest,
        bool? alignCorners = null
    )
        : base(nameof(Interpolate))
    {
        _size = size?.ToArray();
        _scaleFactor = scaleFactor?.ToArray();
        if (_size is null == _scaleFactor is null)
            throw new ArgumentException("Either a size or a scale is needed, not both.", nameof(size));
        if ((_size?.Length ?? _scaleFactor!.Length) == 0)
            throw new ArgumentException("At least one position axis is needed.", _size is null ? nameof(scaleFactor) : nameof(size));
        foreach (long length in _size ?? [])
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(size));
        foreach (double scale in _scaleFactor ?? [])
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale, nameof(scaleFactor));
        Mode = mode;
        AlignCorners = alignCorners;
    }

    /// <summary>The lengths of the position axes of the result; null where a scale is given.</summary>
    public IReadOnlyList<long>? Size => _size;

    /// <summary>By how much each position axis grows; null where a size is given.</summary>
    public IReadOnlyList<double>? ScaleFactor => _scaleFactor;

    /// <summary>How positions between others are computed.</summary>
    public InterpolationMode Mode { get; }

    /// <summary>Whether corners stay corners; null where the mode knows no corners.</summary>
    public bool? AlignCorners { get; }

    /// <summary>Resamples a tensor.</summary>
    /// <param name="input"><c>[N, C, ...]</c> with one to three position axes, as the mode asks for; floating point.</param>
    /// <returns>A new tensor <c>[N, C, ...]</c>, owned by the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return nn.functional.interpolate(input, _size!, _scaleFactor!, Mode, AlignCorners);
    }
}
