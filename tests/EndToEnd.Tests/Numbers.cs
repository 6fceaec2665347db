using TorchSharp;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Comparison that does not use the framework's own.</summary>
internal static class Numbers
{
    public static double RelativeError(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        if (!expected.shape.SequenceEqual(actual.shape))
            return double.PositiveInfinity;
        Tensor a = expected.to(ScalarType.Float64);
        Tensor b = actual.to(ScalarType.Float64);
        return ((a - b).abs().max() / a.abs().max()).ToDouble();
    }

    /// <summary>Multiplies masks into a model, with TorchSharp alone.</summary>
    public static void ApplyMasks(nn.Module model, Speedup.Persistence.Masks.MaskSet masks)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> state = model.state_dict();
        foreach (var entry in masks.Entries)
        {
            Tensor parameter = state[entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}"];
            parameter.mul_(entry.Mask.to(ScalarType.Float64).to(parameter.dtype));
        }
    }
}
