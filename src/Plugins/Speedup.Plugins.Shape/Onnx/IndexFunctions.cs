using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>x[...]</c>: ranges, numbers, new axes, and one tensor of positions.</summary>
internal sealed class IndexFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("get_TensorItems", "index");

    /// <inheritdoc/>
    public override string? Limits => "truths, tensors of truths, and a tensor of positions beside another one or a number";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        object?[] indices = [.. IndicesOf(call)];
        OnnxValue value = x;
        int axis = 0;
        foreach (object? index in indices)
        {
            switch (index)
            {
                case OnnxIndex.Ellipsis:
                    axis += x.Rank - indices.Count(other => other is not OnnxIndex);
                    break;
                case OnnxIndex.NewAxis:
                    value = graph.Unsqueeze(value, axis++);
                    break;
                case OnnxRange range:
                    value = Take(graph, value, axis++, range);
                    break;
                case OnnxValue positions
                    when positions.DType != ScalarType.Bool
                        && indices.All(other => other is OnnxRange or OnnxIndex || ReferenceEquals(other, index)):
                    value = graph.Add("Gather", [value, graph.Cast(positions, ScalarType.Int64)], ("axis", (long)axis));
                    axis += positions.Rank;
                    break;
                case null or bool or OnnxValue:
                    throw call.Refuse("is indexed by truths, by several tensors, or by a tensor and a number");
                default:
                    OnnxNumber number = index as OnnxNumber ?? Convert.ToInt64(index, null);
                    value = graph.Add("Gather", [value, graph.NumberScalar(number, ScalarType.Int64)], ("axis", (long)axis));
                    break;
            }
        }
        call.Return(ReferenceEquals(value, x) ? graph.Add("Identity", [x]) : value);
    }

    private static OnnxValue Take(IOnnxGraph graph, OnnxValue value, int axis, OnnxRange range) =>
        range is { Start: null or { IsFixed: true, Value: 0 }, Stop: null, Step: null or { IsFixed: true, Value: 1 } }
            ? value
            : graph.Slice(value, axis, range.Start ?? 0, range.Stop ?? long.MaxValue, range.Step);

    private static IEnumerable<object?> IndicesOf(IOnnxCall call)
    {
        foreach (string name in call.Method.GetParameters().Select(parameter => parameter.Name!))
        {
            object? argument = call.FindArgument(name);
            foreach (object? index in argument as IReadOnlyList<object?> ?? [argument])
                yield return index;
        }
    }
}
