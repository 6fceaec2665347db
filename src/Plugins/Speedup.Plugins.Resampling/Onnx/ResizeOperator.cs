using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Resampling.Onnx;

/// <summary>Writes resampling to a size or by a factor.</summary>
internal sealed class ResizeOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Upsample)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("interpolate", "upsample", "upsample_bilinear", "upsample_nearest");

    /// <inheritdoc/>
    public override string? Limits => "`area`, `antialias`, and factors that are recomputed from a rounded size";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        int axes = x.Rank - 2;
        var module = call.Module as Upsample;
        string mode = (module?.mode.ToString() ?? call.FindArgument("mode")?.ToString() ?? NameOf(call)).ToUpperInvariant();
        bool isAligned = module?.align_corners ?? (call.Truth("align_corners") || call.Method.Name == "upsample_bilinear");
        if (call.Truth("antialias") || mode == "AREA")
            throw call.Refuse("averages as it resamples, which ONNX Runtime does otherwise");
        string type = TypeOf(mode);
        double[]? factors = module is null ? FactorsOf(call) : [.. module.scale_factor];
        IReadOnlyList<OnnxNumber>? size = module is null
            ? call.FindNumbers("size")
            : [.. module.size.ToArray().Select(length => (OnnxNumber)length)];
        OnnxValue? scales = null;
        OnnxValue? sizes = null;
        if (factors is { Length: > 0 })
            scales = Scales(graph, [.. Enumerable.Range(0, axes).Select(axis => factors.Length == 1 ? factors[0] : factors[axis])]);
        else if (size is { Count: > 0 })
            sizes = graph.Numbers([
                graph.Length(x, 0),
                graph.Length(x, 1),
                .. Enumerable.Range(0, axes).Select(axis => size.Count == 1 ? size[0] : size[axis]),
            ]);
        else
            throw call.Refuse("has neither a size nor a factor");
        call.Return(
            graph.Add(
                "Resize",
                [x, null, scales, sizes],
                ("mode", type),
                ("coordinate_transformation_mode", PlacesOf(type, isAligned)),
                ("nearest_mode", "floor"),
                ("cubic_coeff_a", -0.75)
            )
        );
    }

    private static string TypeOf(string mode) =>
        mode.Contains("CUBIC", StringComparison.Ordinal) ? "cubic"
        : mode.Contains("LINEAR", StringComparison.Ordinal) ? "linear"
        : "nearest";

    private static string PlacesOf(string type, bool isAligned) =>
        type == "nearest" ? "asymmetric"
        : isAligned ? "align_corners"
        : "half_pixel";

    private static string NameOf(IOnnxCall call) => call.Method.Name == "upsample_bilinear" ? "bilinear" : "nearest";

    private static OnnxValue Scales(IOnnxGraph graph, double[] factors)
    {
        using Tensor scales = tensor((float[])[1, 1, .. factors.Select(factor => (float)factor)]);
        return graph.Constant(scales);
    }

    private static double[]? FactorsOf(IOnnxCall call) =>
        call.FindReal("scale_factor") is { } one ? [one]
        : call.FindArgument("scale_factor") is IReadOnlyList<object?> items ? [.. items.Select(item => Convert.ToDouble(item, null))]
        : null;
}
