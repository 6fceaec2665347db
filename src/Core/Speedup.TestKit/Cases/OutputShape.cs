using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>One output of the subject.</summary>
/// <param name="Shape">Its traced shape.</param>
/// <param name="SinkAxis">Axis that the layer behind it mixes; null where it cannot stand there.</param>
internal sealed record OutputShape(IReadOnlyList<long> Shape, int? SinkAxis)
{
    public static OutputShape Of(Tensor output, Subject subject)
    {
        int rank = (int)output.dim();
        bool canFollow = rank > 0 && output.is_floating_point();
        return new OutputShape(output.shape, canFollow ? AxisOf(rank, subject) : null);
    }

    private static int AxisOf(int rank, Subject subject)
    {
        if (subject.OutputAxis is { } given)
            return given < 0 ? given + rank : given;
        KitInput first = subject.Inputs[0];
        return first.Shape.Count == rank ? first.AxisFromFront : Math.Min(1, rank - 1);
    }
}
