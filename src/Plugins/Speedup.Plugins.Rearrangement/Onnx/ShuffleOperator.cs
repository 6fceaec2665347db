using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Rearrangement.Onnx;

/// <summary>Writes shuffles of channels and pixels.</summary>
internal sealed class ShuffleOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(ChannelShuffle), typeof(PixelShuffle), typeof(PixelUnshuffle)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("channel_shuffle", "pixel_shuffle", "pixel_unshuffle");

    /// <inheritdoc/>
    public override string? Limits => "pixels of tensors without a batch";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        call.Return(
            (call.Module, call.Method.Name) switch
            {
                (PixelShuffle module, _) => Up(call, graph, x, module.upscale_factor),
                (_, "pixel_shuffle") => Up(call, graph, x, call.Fixed("upscale_factor")),
                (PixelUnshuffle module, _) => Down(call, graph, x, module.downscale_factor),
                (_, "pixel_unshuffle") => Down(call, graph, x, call.Fixed("downscale_factor")),
                (ChannelShuffle module, _) => Channels(graph, x, module.groups),
                _ => Channels(graph, x, call.Fixed("groups")),
            }
        );
    }

    private static OnnxValue Up(IOnnxCall call, IOnnxGraph graph, OnnxValue x, long factor) =>
        graph.Add("DepthToSpace", [Images(call, x)], ("blocksize", factor), ("mode", "CRD"));

    /// <summary>[n, c, h r, w r] to [n, c r r, h, w].</summary>
    private static OnnxValue Down(IOnnxCall call, IOnnxGraph graph, OnnxValue x, long factor)
    {
        Images(call, x);
        OnnxNumber height = graph.Quotient(graph.Length(x, 2), factor);
        OnnxNumber width = graph.Quotient(graph.Length(x, 3), factor);
        OnnxValue apart = graph.Reshape(x, graph.Length(x, 0), graph.Length(x, 1), height, factor, width, factor);
        OnnxNumber channels = graph.Product(graph.Length(x, 1), factor * factor);
        return graph.Reshape(graph.Transpose(apart, 0, 1, 3, 5, 2, 4), graph.Length(x, 0), channels, height, width);
    }

    private static OnnxValue Images(IOnnxCall call, OnnxValue x) => x.Rank == 4 ? x : throw call.Refuse("is given no batch of images");

    private static OnnxValue Channels(IOnnxGraph graph, OnnxValue x, long groups)
    {
        OnnxNumber[] inner = [.. Enumerable.Range(2, x.Rank - 2).Select(axis => graph.Length(x, axis))];
        OnnxNumber each = graph.Quotient(graph.Length(x, 1), groups);
        OnnxValue apart = graph.Reshape(x, [graph.Length(x, 0), groups, each, .. inner]);
        long[] order = [0, 2, 1, .. Enumerable.Range(3, x.Rank - 2).Select(axis => (long)axis)];
        return graph.Reshape(graph.Transpose(apart, order), [graph.Length(x, 0), graph.Length(x, 1), .. inner]);
    }
}
