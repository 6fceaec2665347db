using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Speedup.Plugins.Pooling.Onnx;

/// <summary>The window of a pooling, as ONNX describes it.</summary>
/// <param name="Kernel">Its lengths.</param>
/// <param name="Stride">Its steps.</param>
/// <param name="Padding">What is added at each end.</param>
/// <param name="Dilation">Distances within it.</param>
/// <param name="Ceil">Whether a last window may reach beyond the end.</param>
internal sealed record PoolWindow(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, bool Ceil)
{
    /// <summary>The window of a module or function.</summary>
    /// <param name="call">The call.</param>
    /// <param name="axes">How many axes are pooled.</param>
    public static PoolWindow Of(IOnnxCall call, int axes)
    {
        long[] kernel = Spread(Setting(call, "kernel_size", "kernel_sizes", "kernelSize")!, axes);
        return new PoolWindow(
            kernel,
            Spread(Setting(call, "stride", "strides") ?? kernel, axes),
            Spread(Setting(call, "padding") ?? [0], axes),
            Spread(Setting(call, "dilation") ?? [1], axes),
            call.Module is null ? call.Truth("ceil_mode") : IsCeil(call.Module)
        );
    }

    /// <summary>Attributes of a node.</summary>
    public IEnumerable<OnnxAttribute> Attributes =>
        [("kernel_shape", Kernel), ("strides", Stride), ("pads", (long[])[.. Padding, .. Padding]), ("ceil_mode", Ceil ? 1L : 0)];

    private static long[] Spread(long[] numbers, int axes) => numbers.Length == axes ? numbers : [.. Enumerable.Repeat(numbers[0], axes)];

    private static long[]? Setting(IOnnxCall call, params string[] names)
    {
        long[]? numbers = call.Module is { } module ? SettingOf(module, names[0]) : call.FindFixedList(names);
        return numbers is { Length: > 0 } ? numbers : null;
    }

    private static bool IsCeil(Module module) =>
        module switch
        {
            MaxPool1d pool => pool.ceil_mode,
            MaxPool2d pool => pool.ceil_mode,
            MaxPool3d pool => pool.ceil_mode,
            AvgPool1d pool => pool.ceil_mode,
            AvgPool2d pool => pool.ceil_mode,
            AvgPool3d pool => pool.ceil_mode,
            LPPool1d pool => pool.ceil_mode,
            LPPool2d pool => pool.ceil_mode,
            _ => false,
        };

    private static long[]? SettingOf(Module module, string name) =>
        module.GetType().GetProperty(name)?.GetValue(module) switch
        {
            long number => [number],
            long[] numbers => numbers,
            _ => null,
        };
}
