using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp;
using TorchSharp.Modules;

namespace Speedup.Plugins.Padding.Onnx;

/// <summary>Writes paddings: TorchSharp gives them for the last axis first, before and behind; ONNX all before, then all behind.</summary>
internal sealed class PadOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(PadBase)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("pad");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        var module = call.Module as PadBase;
        PaddingModes mode = module is null ? call.FindArgument("mode") as PaddingModes? ?? PaddingModes.Constant : ModeOf(module);
        double value = module?.value ?? call.FindReal("value") ?? 0;
        IReadOnlyList<OnnxNumber> given = module is null ? call.Numbers("pad") : [.. module.padding.Select(length => (OnnxNumber)length)];
        if (given.Count == 1) // one number for all axes that have positions
            given = [.. Enumerable.Repeat(given[0], 2 * AxesOf(call, module, x))];
        var pads = new OnnxNumber[2 * x.Rank];
        Array.Fill(pads, 0L);
        for (int i = 0; i < given.Count / 2; i++)
            (pads[x.Rank - 1 - i], pads[(2 * x.Rank) - 1 - i]) = (given[2 * i], given[(2 * i) + 1]);
        string name = mode switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            PaddingModes.Circular => "wrap",
            _ => "constant",
        };
        OnnxValue[] inputs = [x, graph.Numbers(pads)];
        call.Return(graph.Add("Pad", name == "constant" ? [.. inputs, graph.Scalar(value, x.DType)] : inputs, ("mode", name)));
    }

    private static PaddingModes ModeOf(PadBase module) =>
        module switch
        {
            ReflectionPad1d or ReflectionPad2d or ReflectionPad3d => PaddingModes.Reflect,
            ReplicationPad1d or ReplicationPad2d or ReplicationPad3d => PaddingModes.Replicate,
            _ => PaddingModes.Constant,
        };

    private static int AxesOf(IOnnxCall call, PadBase? module, OnnxValue x)
    {
        string name = module?.GetType().Name ?? "";
        return name.Length > 1 && char.IsDigit(name[^2]) ? name[^2] - '0'
            : x.Rank > 2 ? x.Rank - 2
            : throw call.Refuse("is given one number for all sides of a tensor without positions");
    }
}
