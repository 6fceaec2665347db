using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>The largest relative error that counts as none, by the type of the outputs.</summary>
internal static class Tolerances
{
    private const double Float32 = 1e-5;
    private const double Float64 = 1e-10;
    private const double Float16 = 2e-2;

    /// <summary>The tolerance for a model's outputs.</summary>
    public static double For(IReadOnlyList<Tensor> outputs) =>
        outputs.Select(output => output.dtype).ToArray() switch
        {
            var types when types.Any(type => type is ScalarType.Float16 or ScalarType.BFloat16) => Float16,
            var types when types.Length > 0 && types.All(type => type == ScalarType.Float64) => Float64,
            _ => Float32,
        };
}
