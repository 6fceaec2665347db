using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Operands of arithmetic: tensors and numbers, in the element type that the call computes in.</summary>
public static class OnnxOperands
{
    /// <summary>The tensors and numbers among the arguments, in order; that which a method is called on comes first.</summary>
    public static IReadOnlyList<object> Operands(this IOnnxCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return
        [
            .. call
                .Method.GetParameters()
                .Select(parameter => call.FindArgument(parameter.Name!))
                .Prepend(call.FindArgument("this"))
                .Where(argument => argument is OnnxValue or OnnxNumber or (IConvertible and not string and not Enum))
                .Select(argument => argument!),
        ];
    }

    /// <summary>An operand as a tensor of an element type.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="operand">A tensor or number.</param>
    /// <param name="dtype">The element type.</param>
    public static OnnxValue Operand(this IOnnxGraph graph, object operand, ScalarType dtype) =>
        operand switch
        {
            OnnxValue tensor => graph.Cast(tensor, dtype),
            OnnxNumber number => graph.NumberScalar(number, dtype),
            bool truth => graph.Scalar(truth ? 1 : 0, dtype),
            _ => graph.Scalar(Convert.ToDouble(operand, null), dtype),
        };

    /// <summary>The element type in which two operands are compared: the larger of their kinds, and of that kind the larger type of a tensor with axes.</summary>
    public static ScalarType CommonType(object left, object right)
    {
        (int Kind, int Axes, ScalarType Type) first = Rank(left);
        (int Kind, int Axes, ScalarType Type) second = Rank(right);
        if (first.Kind != second.Kind)
            return first.Kind > second.Kind ? first.Type : second.Type;
        if (first.Axes != second.Axes)
            return first.Axes > second.Axes ? first.Type : second.Type;
        return SizeOf(first.Type) >= SizeOf(second.Type) ? first.Type : second.Type;
    }

    /// <summary>Kind of number (truth, whole, real); whether it is a number, a tensor without axes or one with axes; type.</summary>
    private static (int Kind, int Axes, ScalarType Type) Rank(object operand) =>
        operand switch
        {
            OnnxValue tensor => (KindOf(tensor.DType), tensor.Rank == 0 ? 1 : 2, tensor.DType),
            bool => (0, 0, ScalarType.Bool),
            float or double => (2, 0, ScalarType.Float32),
            _ => (1, 0, ScalarType.Int64),
        };

    private static int KindOf(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Bool => 0,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => 2,
            _ => 1,
        };

    private static int SizeOf(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Float64 or ScalarType.Int64 => 8,
            ScalarType.Float32 or ScalarType.Int32 => 4,
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
            _ => 1,
        };
}
