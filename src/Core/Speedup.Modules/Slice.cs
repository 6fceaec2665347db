using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Takes a stretch of an axis, as <c>x[:, start:finish:step]</c> does in Python.</summary>
public sealed class Slice : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim">The axis, from the back if negative. Channels are axis 1.</param>
    /// <param name="start">First index, from the back if negative.</param>
    /// <param name="finish">The index after the last, from the back if negative; by default the stretch goes to the end.</param>
    /// <param name="step">Distance of the indices that are taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive, or the stretch is empty whatever the length of the axis.</exception>
    public Slice(long dim, long start, long finish = long.MaxValue, long step = 1)
        : base(nameof(Slice))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        if (start < 0 == finish < 0)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(finish, start);
        Dim = dim;
        Start = start;
        Finish = finish;
        Step = step;
    }

    /// <summary>The axis, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>First index, from the back if negative.</summary>
    public long Start { get; }

    /// <summary>The index after the last, from the back if negative; <see cref="long.MaxValue"/> where the stretch goes to the end.</summary>
    public long Finish { get; }

    /// <summary>Distance of the indices that are taken.</summary>
    public long Step { get; }

    /// <summary>Takes the stretch.</summary>
    /// <param name="input">Any shape with the axis, any dtype.</param>
    /// <returns>A view of the input; it belongs to the caller.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.slice(Dim, Start, Finish, Step);
    }
}
