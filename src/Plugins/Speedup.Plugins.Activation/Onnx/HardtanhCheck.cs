using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Whether TorchSharp's <c>hardtanh</c> keeps to its bounds: that of 0.107.0 returns its input.</summary>
internal static class HardtanhCheck
{
    /// <summary>Refuses a call that computes something else than its name says.</summary>
    public static void Demand(IOnnxCall call, double low, double high)
    {
        using Tensor outside = tensor([low - 1, high + 1]);
        using Tensor inside = nn.functional.hardtanh(outside, low, high);
        using Tensor bounds = tensor([low, high]);
        if (!inside.Equals(bounds))
            throw call.Refuse("returns its input in this version of TorchSharp, whatever its bounds; call clamp");
    }
}
