using Speedup.Onnx.Abstractions;
using TorchSharp;
using TorchSharp.Modules;

namespace Speedup.Plugins.Convolution.Onnx;

/// <summary>Writes convolutions of one to three dimensions, plain and transposed.</summary>
internal sealed class ConvolutionOperator : OnnxModule<TorchSharp.Modules.Convolution>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes =>
        [typeof(Conv1d), typeof(Conv2d), typeof(Conv3d), typeof(ConvTranspose1d), typeof(ConvTranspose2d), typeof(ConvTranspose3d)];

    /// <inheritdoc/>
    public override string? Limits => "`output_size` of transposed convolutions";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, TorchSharp.Modules.Convolution module, IOnnxGraph graph)
    {
        OnnxValue weight = call.FindParameter("weight")!;
        int axes = weight.Rank - 2;
        bool isBatch = call.Tensors[0].Rank == axes + 2;
        OnnxValue x = isBatch ? call.Tensors[0] : graph.Unsqueeze(call.Tensors[0], 0);
        OnnxValue result = module.transposed ? Transposed(call, module, graph, x, weight) : Plain(call, module, graph, x, weight);
        call.Return(isBatch ? result : graph.Squeeze(result, 0));
    }

    private static OnnxValue Plain(IOnnxCall call, TorchSharp.Modules.Convolution module, IOnnxGraph graph, OnnxValue x, OnnxValue weight)
    {
        long[] pads = PadsOf(module, weight);
        if (module.padding_mode != PaddingModes.Zeros && Array.Exists(pads, pad => pad > 0))
        {
            x = Padded(graph, x, pads, module.padding_mode);
            pads = new long[pads.Length];
        }
        return graph.Add(
            "Conv",
            [x, weight, call.FindParameter("bias")],
            ("strides", module.stride),
            ("dilations", module.dilation),
            ("group", module.groups),
            ("pads", pads)
        );
    }

    /// <summary>Zeros before each axis, then those behind each; of <c>same</c> one more behind where their number is odd.</summary>
    private static long[] PadsOf(TorchSharp.Modules.Convolution module, OnnxValue weight)
    {
        int axes = weight.Rank - 2;
        if (module.padding_type is not { } kind)
            return [.. module.padding!, .. module.padding!];
        if (kind != Padding.Same)
            return new long[2 * axes];
        long[] all = [.. Enumerable.Range(0, axes).Select(axis => module.dilation[axis] * (weight.Shape[axis + 2].Value - 1))];
        return [.. all.Select(count => count / 2), .. all.Select(count => count - (count / 2))];
    }

    private static OnnxValue Padded(IOnnxGraph graph, OnnxValue x, long[] pads, PaddingModes mode)
    {
        string name = mode switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            _ => "wrap",
        };
        int axes = pads.Length / 2;
        long[] all = [0, 0, .. pads[..axes], 0, 0, .. pads[axes..]];
        return graph.Add("Pad", [x, graph.Integers(all)], ("mode", name));
    }

    private static OnnxValue Transposed(
        IOnnxCall call,
        TorchSharp.Modules.Convolution module,
        IOnnxGraph graph,
        OnnxValue x,
        OnnxValue weight
    )
    {
        if (call.FindArgument("output_size") is not null)
            throw call.Refuse("is given an output size, which has no counterpart that follows the input");
        return graph.Add(
            "ConvTranspose",
            [x, weight, call.FindParameter("bias")],
            ("strides", module.stride),
            ("dilations", module.dilation),
            ("group", module.groups),
            ("pads", (long[])[.. module.padding!, .. module.padding!]),
            ("output_padding", module.output_padding)
        );
    }
}
