namespace Speedup.Core.Probing;

/// <summary>
/// Proposes relations where gradients tell nothing (of truths, whole numbers, what is only copied over): axes of outputs go index by index
/// with axes of inputs that are as long. Whether they do, the cut test tells: if what is left of the outputs is the function of what is left
/// of the inputs, then it depends on nothing else.
/// </summary>
internal sealed class SameLengths(RepeatableCall call, CutTest test)
{
    /// <summary>Combinations of axes that are tried for one length.</summary>
    private const int MostChoices = 32;

    /// <summary>Tensors beyond which none is left out: each would double the choices, and functions of that many treat them alike.</summary>
    private const int MostTensors = 6;

    /// <summary>Relations of axes of outputs of which nothing is known yet.</summary>
    /// <param name="known">What is known.</param>
    /// <param name="lengths">Lengths of axes that matter.</param>
    public IReadOnlyList<IndexRelation> Find(IReadOnlyList<IndexRelation> known, IEnumerable<long> lengths)
    {
        var found = new List<IndexRelation>();
        foreach (long length in lengths)
        {
            while (FindNext([.. known, .. found], length) is { } relations)
                found.AddRange(relations);
        }
        return found;
    }

    private IReadOnlyList<IndexRelation>? FindNext(IReadOnlyList<IndexRelation> known, long length)
    {
        HashSet<(int Output, int Axis)> taken = [.. known.Select(relation => (relation.Output, relation.OutputAxis))];
        HashSet<(int Input, int Axis)> read = [.. known.Select(relation => (relation.Input, relation.InputAxis))];
        int[] map = [.. Enumerable.Range(0, (int)length)];
        IEnumerable<(int Tensor, int Axis)[]> outputs = Choices(call.OutputShapes, length, taken).OrderByDescending(axes => axes.Length);
        IEnumerable<(int Tensor, int Axis)[]> inputs = Choices(call.InputShapes, length, read).OrderBy(axes => axes.Length);
        var pairs =
            from target in outputs
            from source in inputs.OrderByDescending(source => source.Count(axis => target.Any(other => other.Axis == axis.Axis)))
            where source.Length > 0 && target.Length > 0
            select (Source: source, Target: target);
        return pairs.Take(MostChoices).Select(pair => Relate(pair.Source, pair.Target, map)).FirstOrDefault(test.Accepts);
    }

    private static IReadOnlyList<IndexRelation> Relate((int Tensor, int Axis)[] source, (int Tensor, int Axis)[] target, int[] map) =>
        [.. from input in source from output in target select new IndexRelation(input.Tensor, input.Axis, output.Tensor, output.Axis, map)];

    /// <summary>Choices of one axis of a length, or none, in each tensor.</summary>
    private static IEnumerable<(int Tensor, int Axis)[]> Choices(
        IReadOnlyList<IReadOnlyList<long>> shapes,
        long length,
        HashSet<(int Tensor, int Axis)> taken
    )
    {
        bool mayLeaveOut = shapes.Count <= MostTensors;
        IEnumerable<(int Tensor, int Axis)[]> choices =
        [
            [],
        ];
        for (int i = 0; i < shapes.Count; i++)
        {
            int tensor = i;
            int[] axes =
            [
                .. Enumerable.Range(0, shapes[i].Count).Where(axis => shapes[tensor][axis] == length && !taken.Contains((tensor, axis))),
            ];
            choices = mayLeaveOut
                ? choices.SelectMany(choice => axes.Select(axis => Append(choice, tensor, axis)).Prepend(choice)).ToArray()
                : choices.Select(choice => axes.Length == 0 ? choice : Append(choice, tensor, axes[0])).ToArray();
        }
        return choices;
    }

    private static (int Tensor, int Axis)[] Append((int Tensor, int Axis)[] choice, int tensor, int axis) => [.. choice, (tensor, axis)];
}
