using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Convolution.Onnx;

/// <summary>Writes convolutions whose weights are arguments of the call.</summary>
internal sealed class ConvolutionFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf(
            "conv1d",
            "conv2d",
            "conv3d",
            "conv1d_padding",
            "conv2d_padding",
            "conv3d_padding",
            "conv_transpose1d",
            "conv_transpose2d",
            "conv_transpose3d"
        );

    /// <inheritdoc/>
    public override string? Limits => "`same` with a kernel whose size follows the input";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue weight = call.Tensors[1];
        int axes = weight.Rank - 2;
        bool isBatch = call.Tensors[0].Rank == axes + 2;
        OnnxValue x = isBatch ? call.Tensors[0] : graph.Unsqueeze(call.Tensors[0], 0);
        bool isTransposed = call.Method.Name.StartsWith("conv_transpose", StringComparison.Ordinal);
        long[] dilation = Spread(call.FindFixedList("dilation"), axes, 1);
        List<OnnxAttribute> attributes =
        [
            ("strides", Spread(call.FindFixedList("strides", "stride"), axes, 1)),
            ("dilations", dilation),
            ("group", call.FindFixed("groups") ?? 1),
            ("pads", PadsOf(call, weight, dilation, axes)),
        ];
        if (isTransposed)
            attributes.Add(("output_padding", Spread(call.FindFixedList("output_padding"), axes, 0)));
        OnnxValue result = graph.Add(isTransposed ? "ConvTranspose" : "Conv", [x, weight, call.FindTensor("bias")], attributes);
        call.Return(isBatch ? result : graph.Squeeze(result, 0));
    }

    private static long[] PadsOf(IOnnxCall call, OnnxValue weight, long[] dilation, int axes)
    {
        if (call.FindArgument("padding") is not TorchSharp.Padding kind)
        {
            long[] padding = Spread(call.FindFixedList("padding"), axes, 0);
            return [.. padding, .. padding];
        }
        if (kind != TorchSharp.Padding.Same)
            return new long[2 * axes];
        if (!weight.IsFixed)
            throw call.Refuse("keeps the size with a kernel whose size follows the input");
        long[] all = [.. Enumerable.Range(0, axes).Select(axis => dilation[axis] * (weight.Shape[axis + 2].Value - 1))];
        return [.. all.Select(count => count / 2), .. all.Select(count => count - (count / 2))];
    }

    private static long[] Spread(long[]? numbers, int axes, long otherwise) =>
        numbers is null ? [.. Enumerable.Repeat(otherwise, axes)]
        : numbers.Length == axes ? numbers
        : [.. Enumerable.Repeat(numbers[0], axes)];
}
