using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>
/// How much a model's outputs change when its inputs change in their last digits. A sine of large numbers, or the position of the largest
/// among equal ones, turns such a change into a large one, and so it does with the rounding in which masked and small model differ:
/// what they differ by is then no fault of either.
/// </summary>
internal static class RoundingNoise
{
    private const long Seed = 20_260_704;

    /// <summary>Errors of the layers add up: they may be so many times what the input's last digits make.</summary>
    public const double Margin = 16;

    /// <summary>Inputs that differ in their last digits, those of numbers around one at least.</summary>
    public static Tensor[] Disturb(IReadOnlyList<Tensor> inputs)
    {
        using var generator = new Generator(Seed, inputs[0].device);
        return [.. inputs.Select(tensor => tensor.is_floating_point() && tensor.numel() > 0 ? Disturb(tensor, generator) : tensor)];
    }

    private static Tensor Disturb(Tensor tensor, Generator generator)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor exact = tensor.to(ScalarType.Float64);
        Tensor noise = randn(tensor.shape, ScalarType.Float64, tensor.device, generator: generator);
        return (exact + (noise * (exact.abs().amax() + 1) * LastDigit(tensor.dtype))).to(tensor.dtype).MoveToOuterDisposeScope();
    }

    private static double LastDigit(ScalarType type) =>
        type switch
        {
            ScalarType.Float64 => double.BitIncrement(1) - 1,
            ScalarType.BFloat16 => 1.0 / (1 << 7),
            ScalarType.Float16 => 1.0 / (1 << 10),
            _ => float.BitIncrement(1) - 1,
        };
}
