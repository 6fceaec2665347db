using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Reads a product of matrices off the shapes of its operands, as <c>matmul</c> does: vectors get an axis that goes again, axes
/// before the last two are broadcast.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>The product of two inputs.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="left">Position of the left operand.</param>
    /// <param name="right">Position of the right operand.</param>
    /// <param name="rightIsTransposed">Whether the right matrix is <c>[out, in]</c>, as the weight of <c>linear</c> is.</param>
    public static Product Of(IOperator op, int left, int right, bool rightIsTransposed = false)
    {
        int leftRank = op.Input(left).Rank;
        int rightRank = op.Input(right).Rank;
        bool swapped = rightIsTransposed || rightRank == 1;
        var free = new List<FreeAxis>();
        int next = op.Output(0).Rank - 1;
        if (rightRank > 1)
            free.Add(new FreeAxis(next--, null, AxisRef.OfInput(right, rightRank - (swapped ? 2 : 1))));
        if (leftRank > 1)
            free.Add(new FreeAxis(next--, AxisRef.OfInput(left, leftRank - 2), null));
        for (int back = 3; next >= 0; back++)
            free.Add(new FreeAxis(next, Batch(op, left, leftRank - back, next), Batch(op, right, rightRank - back, next--)));
        return new Product(free, AxisRef.OfInput(left, leftRank - 1), AxisRef.OfInput(right, rightRank - (swapped ? 1 : 2)));
    }

    /// <summary>A batch axis of an operand; null where it is broadcast.</summary>
    private static AxisRef? Batch(IOperator op, int position, int axis, int output) =>
        axis >= 0 && op.Input(position).Shape[axis] == op.Output(0).Shape[output] ? AxisRef.OfInput(position, axis) : null;
}
