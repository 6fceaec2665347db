namespace Speedup.Modules;

/// <summary>
/// Tells which matrices can be multiplied. In TorchSharp 0.107.0 an error in <c>matmul</c> is not turned into an exception, but ends the process.
/// </summary>
internal static class MatrixShapes
{
    /// <summary>Whether <c>matmul</c> takes tensors of these shapes.</summary>
    public static bool Fit(long[] left, long[] right)
    {
        if (left.Length == 0 || right.Length == 0 || left[^1] != (right.Length == 1 ? right[0] : right[^2]))
            return false;
        for (int back = 3; back <= Math.Min(left.Length, right.Length); back++)
        {
            if (left[^back] != right[^back] && left[^back] != 1 && right[^back] != 1)
                return false;
        }
        return true;
    }
}
