using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>
/// Finds out how a function relates the indices of its axes, by back-propagation of coded cotangents: with cotangents u, k u and k² u
/// (k counts the indices of one axis of the output, u is random) the ratio of the second gradient to the first <em>is</em> the index that
/// an element reaches, where it reaches one only; the third gradient tells whether it does. What is never seen to reach anything, because
/// of a branch that the samples do not take, counts as related to everything.
/// </summary>
internal sealed class RelationProbe(RepeatableCall call, Generator generator)
{
    private const double Tolerance = 1e-6;

    /// <summary>Gradients below this have lost digits, and count as none.</summary>
    private const double LeastGradient = 1e-280;

    /// <summary>One sample each; whether what they show holds elsewhere, the cut test tells.</summary>
    private static readonly ProbeRange[] Samples = [ProbeRange.Normal, ProbeRange.Small, ProbeRange.Large];

    /// <summary>Relations of axes with more than one index; empty where gradients do not reach the inputs.</summary>
    /// <param name="matters">Whether to look at an axis of an output.</param>
    /// <exception cref="Exception">Whatever the function throws.</exception>
    public IReadOnlyList<IndexRelation> Find(Func<int, int, bool> matters)
    {
        using var _ = enable_grad();
        var seen = new Dictionary<(int Input, int Axis, int Output, int OutputAxis), SeenIndices>();
        foreach (ProbeRange range in Samples)
        {
            using var scope = NewDisposeScope();
            Tensor[] leaves = [.. call.Draw(range, generator).Select(AsLeaf)];
            Tensor[] outputs = call.Run(leaves);
            for (int output = 0; output < outputs.Length; output++)
            for (int axis = 0; axis < outputs[output].dim(); axis++)
            {
                if (outputs[output].shape[axis] > 1 && outputs[output].is_floating_point() && matters(output, axis))
                    Observe(leaves, output, outputs[output], axis, seen);
            }
        }
        return WithoutRivals([.. seen.Where(entry => entry.Value.IsUnique).Select(entry => Describe(entry.Key, entry.Value))]);
    }

    private static Tensor AsLeaf(Tensor tensor) => tensor.is_floating_point() ? tensor.requires_grad_(true) : tensor;

    private static IndexRelation Describe((int Input, int Axis, int Output, int OutputAxis) axes, SeenIndices seen) =>
        new(axes.Input, axes.Axis, axes.Output, axes.OutputAxis, seen.ReadMap());

    /// <summary>Two axes of one input that both decide the index are no relation of either.</summary>
    private static IReadOnlyList<IndexRelation> WithoutRivals(IndexRelation[] found) =>
        [
            .. found
                .GroupBy(relation => (relation.Input, relation.Output, relation.OutputAxis))
                .Where(group => group.Count() == 1)
                .Select(group => group.Single()),
        ];

    private void Observe(Tensor[] leaves, int output, Tensor result, int axis, Dictionary<(int, int, int, int), SeenIndices> seen)
    {
        using var scope = NewDisposeScope();
        long[] along = [.. Enumerable.Range(0, (int)result.dim()).Select(other => other == axis ? result.shape[axis] : 1)];
        Tensor code = arange(1, result.shape[axis] + 1, ScalarType.Float64).reshape(along);
        Tensor weights = rand(result.shape, ScalarType.Float64, generator: generator) + 0.5;
        Tensor?[][] gradients =
        [
            Pull(leaves, result, weights),
            Pull(leaves, result, weights * code),
            Pull(leaves, result, weights * code * code),
        ];
        using var _ = no_grad();
        for (int input = 0; input < leaves.Length; input++)
        {
            if (gradients[0][input] is not { } first || gradients[1][input] is not { } second || gradients[2][input] is not { } third)
                continue;
            (Tensor isSeen, Tensor index, bool mixed) = Decode(first, second, third);
            for (int own = 0; own < first.dim(); own++)
            {
                if (first.shape[own] < 2)
                    continue;
                if (!seen.TryGetValue((input, own, output, axis), out SeenIndices? indices))
                    seen[(input, own, output, axis)] = indices = new SeenIndices((int)first.shape[own]);
                if (mixed)
                    indices.Mix();
                else
                    indices.Add(
                        ProbeTensors.PerIndex(where(isSeen, index, double.PositiveInfinity), own).amin([1]),
                        ProbeTensors.PerIndex(where(isSeen, index, double.NegativeInfinity), own).amax([1])
                    );
            }
        }
    }

    /// <summary>Where gradients were seen, the index that each element reaches, and whether one reaches several.</summary>
    private static (Tensor IsSeen, Tensor Index, bool Mixed) Decode(Tensor first, Tensor second, Tensor third)
    {
        using Scalar least = LeastGradient; // a temporary one may be collected while the native library reads it
        Tensor isFinite = first.isfinite() & second.isfinite() & third.isfinite(); // out of its domain a function shows nothing
        Tensor isSeen = isFinite & (first.abs().gt(least) | second.abs().gt(least) | third.abs().gt(least));
        Tensor ratio = second / first;
        Tensor index = ratio.round();
        Tensor isUnique =
            (ratio - index).abs().le(index * Tolerance) & (third / first - (index * index)).abs().le(index * index * Tolerance);
        return (isSeen, index, (isSeen & isUnique.logical_not()).any().ToBoolean());
    }

    /// <summary>Gradients of the leaves; null where none arrives.</summary>
    private static Tensor?[] Pull(Tensor[] leaves, Tensor result, Tensor cotangent)
    {
        foreach (Tensor leaf in leaves)
            leaf.grad = null;
        if (result.requires_grad)
            result.backward([cotangent], retain_graph: true);
        return [.. leaves.Select(leaf => leaf.grad?.detach().clone())];
    }
}
