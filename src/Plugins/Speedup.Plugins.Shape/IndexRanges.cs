using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Reads and writes the ranges among indices, <c>x[.., 2..6]</c>; TorchSharp does not show what a <see cref="TensorIndex"/> holds.</summary>
internal static class IndexRanges
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
    private static readonly FieldInfo? KindField = typeof(TensorIndex).GetField("kind", Hidden);
    private static readonly FieldInfo? StartField = typeof(TensorIndex).GetField("startIndexOrBoolOrSingle", Hidden);
    private static readonly FieldInfo? StopField = typeof(TensorIndex).GetField("stopIndex", Hidden);
    private static readonly FieldInfo? StepField = typeof(TensorIndex).GetField("step", Hidden);

    /// <summary>Whether indices state numbers, so that what they yield is a view; false where that cannot be told.</summary>
    public static bool StateNumbers(IEnumerable<TensorIndex> indices) =>
        KindField is not null && indices.All(index => KindOf(index) is not ("Tensor" or "Bool"));

    /// <summary>The position of the range that is taken of an axis; null where none is, or its numbers cannot be read.</summary>
    /// <param name="indices">The indices of a call.</param>
    /// <param name="rank">Number of axes of the tensor.</param>
    /// <param name="axis">One of them.</param>
    public static int? FindPosition(IReadOnlyList<TensorIndex> indices, int rank, int axis)
    {
        if (KindField is null || StartField is null || StopField is null || StepField is null)
            return null;
        int read = indices.Count(index => KindOf(index) is "Single" or "Slice" or "Tensor");
        int at = 0;
        for (int position = 0; position < indices.Count; position++)
        {
            string kind = KindOf(indices[position]);
            if (kind == "Slice" && at == axis)
                return position;
            at += kind switch
            {
                "Single" or "Slice" or "Tensor" => 1,
                "Ellipsis" => rank - read,
                _ => 0,
            };
        }
        return null;
    }

    /// <summary>A range like another one, as far as its indices are kept; bounds from the end stay so.</summary>
    /// <param name="index">A range with step 1.</param>
    /// <param name="kept">Indices of the axis that are kept.</param>
    /// <param name="length">Length of the axis before.</param>
    public static TensorIndex Shrink(TensorIndex index, IReadOnlyList<int> kept, long length) =>
        TensorIndex.Slice(
            Shrink((long?)StartField!.GetValue(index), kept, length),
            Shrink((long?)StopField!.GetValue(index), kept, length) is var stop and not 0 ? stop : null, // nothing is left behind it
            (long?)StepField!.GetValue(index)
        );

    private static long? Shrink(long? bound, IReadOnlyList<int> kept, long length) =>
        bound is not { } number ? null
        : number < 0 ? -kept.Count(i => i >= number + length)
        : number > length ? number
        : kept.Count(i => i < number);

    private static string KindOf(TensorIndex index) => KindField!.GetValue(index)!.ToString()!;
}
