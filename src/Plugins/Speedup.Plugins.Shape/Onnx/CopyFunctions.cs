using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes copies and conversions of the element type.</summary>
internal sealed class CopyFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf(
            "alias",
            "clone",
            "contiguous",
            "detach",
            "DetachFromDisposeScope",
            "MoveToOuterDisposeScope",
            "bfloat16",
            "bool",
            "cpu",
            "cuda",
            "double",
            "float",
            "half",
            "int",
            "long",
            "mps",
            "to",
            "to_type",
            "type",
            "type_as"
        );

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        call.Return(x.DType == call.Results[0].DType ? graph.Add("Identity", [x]) : graph.Cast(x, call.Results[0].DType));
    }
}
