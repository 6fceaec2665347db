using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>Checks the indices that handlers name, so that the one that names a wrong one is found, and not what comes of it.</summary>
internal static class HandlerIndex
{
    /// <summary>Throws where an axis has no such index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has not; the call of the handler turns this into an error with its name.</exception>
    public static void Check(this IOperator op, AxisRef axis, int index)
    {
        int length = op.Facts(axis).Length;
        if ((uint)index >= (uint)length)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{axis.Describe()} has {length} indices.");
    }
}
