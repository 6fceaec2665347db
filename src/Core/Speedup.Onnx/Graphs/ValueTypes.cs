using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Graphs;

/// <summary>Inputs and outputs of a graph as messages.</summary>
internal static class ValueTypes
{
    /// <summary>The message of an input or output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">Its element type.</param>
    /// <param name="shape">A number for each fixed length, a name for each other.</param>
    public static ValueInfoProto Of(string name, ScalarType dtype, IEnumerable<(long Length, string? Name)> shape)
    {
        var lengths = new TensorShapeProto();
        foreach ((long length, string? axis) in shape)
            lengths.Dim.Add(
                axis is null
                    ? new TensorShapeProto.Types.Dimension { DimValue = length }
                    : new TensorShapeProto.Types.Dimension { DimParam = axis }
            );
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxTypes.CodeOf(dtype), Shape = lengths },
            },
        };
    }
}
