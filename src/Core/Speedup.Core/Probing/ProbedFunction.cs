using Speedup.Abstractions;
using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>
/// Stands in for the handler of a function that no plugin handles: what it knows comes from running the function on random tensors, of
/// numbers small and large. The result is verified like any other, and if it differs the functions without a handler are barriers after all.
/// </summary>
internal sealed class ProbedFunction : IOperatorHandler
{
    private const long Seed = 20_260_702;
    private readonly RepeatableCall _call;
    private readonly IReadOnlyList<IndexRelation> _relations;

    /// <summary>The smaller calls in which relations were found.</summary>
    private readonly Dictionary<IndexRelation, RepeatableCall> _origins;

    private ProbedFunction(RepeatableCall call, IReadOnlyList<IndexRelation> relations, Dictionary<IndexRelation, RepeatableCall> origins)
    {
        _call = call;
        _relations = relations;
        _origins = origins;
    }

    /// <summary>
    /// The probed relations of a function call; null where it cannot be repeated, is random, or mixes all indices of all its axes.
    /// </summary>
    public static ProbedFunction? Find(GraphNode node, ModelGraph graph)
    {
        if (RepeatableCall.Find(node, graph) is not { } call || IsRandom(node))
            return null;
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed);
        try
        {
            if (!RepeatsItself(call, generator))
                return null;
            Dictionary<IndexRelation, RepeatableCall> found = FindRelations(call, generator);
            IReadOnlyList<IndexRelation> relations = new CutTest(call, generator).Confirm([.. found.Keys]);
            return relations.Count == 0 ? null : new ProbedFunction(call, relations, found);
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            return null; // it does not run on random tensors in float64
        }
    }

    /// <inheritdoc/>
    public void InferFromWeight(IOperator op) { }

    /// <inheritdoc/>
    public void InferFromInput(IOperator op)
    {
        foreach (var axis in _relations.GroupBy(relation => (relation.Output, relation.OutputAxis)))
        {
            if (!op.Input(axis.First().Input)[axis.First().InputAxis].AnyConstant || HasUnrelatedTruths(axis))
                continue;
            AxisFacts output = op.Output(axis.Key.Output)[axis.Key.OutputAxis];
            bool[] reached = new bool[output.Length];
            bool[] candidates = [.. Enumerable.Repeat(true, output.Length)];
            foreach (IndexRelation relation in axis)
            {
                AxisFacts facts = op.Input(relation.Input)[relation.InputAxis];
                for (int i = 0; i < facts.Length; i++)
                {
                    reached[relation.Map[i]] = true;
                    candidates[relation.Map[i]] &= facts.IsConstant(i);
                }
            }
            for (int i = 0; i < output.Length; i++)
                candidates[i] &= reached[i] && !output.IsConstant(i);
            if (candidates.Contains(true))
                SetConstants(op, [.. axis], output, candidates);
        }
    }

    /// <inheritdoc/>
    public void InferFromOutput(IOperator op)
    {
        int[] read = [.. Enumerable.Range(0, op.OutputCount).Where(op.IsRead)];
        foreach (IndexRelation unread in _relations.Where(relation => !read.Contains(relation.Output)))
            for (int i = 0; i < unread.Map.Length; i++)
                op.Output(unread.Output)[unread.OutputAxis].SetUnused(unread.Map[i]);
        foreach (var axis in _relations.GroupBy(relation => (relation.Input, relation.InputAxis)))
        {
            if (read.Length == 0 || !read.All(output => axis.Any(relation => relation.Output == output)))
                continue; // through some output it reaches everything
            AxisFacts input = op.Input(axis.Key.Input)[axis.Key.InputAxis];
            for (int i = 0; i < input.Length; i++)
            {
                bool isUnused = read.All(output =>
                    axis.Any(relation => relation.Output == output && !op.Output(output)[relation.OutputAxis].IsUsed(relation.Map[i]))
                );
                if (isUnused)
                    input.SetUnused(i);
            }
        }
    }

    /// <inheritdoc/>
    public void Relate(IRelations relations)
    {
        foreach (IndexRelation relation in _relations)
            for (int i = 0; i < relation.Map.Length; i++)
                relations.Tie(
                    AxisRef.OfInput(relation.Input, relation.InputAxis),
                    i,
                    AxisRef.OfOutput(relation.Output, relation.OutputAxis),
                    relation.Map[i]
                );
    }

    /// <inheritdoc/>
    public void Constrain(IPlanning plan) { }

    /// <summary>Two samples of a single truth are the same too often to tell that it does not matter.</summary>
    private bool HasUnrelatedTruths(IEnumerable<IndexRelation> relations) =>
        _call.InputTypes.Index().Any(input => input.Item == ScalarType.Bool && !relations.Any(relation => relation.Input == input.Index));

    private void SetConstants(IOperator op, IndexRelation[] relations, AxisFacts output, bool[] candidates)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed);
        try
        {
            RepeatableCall[] origins = [.. relations.Select(relation => _origins[relation]).Distinct()];
            double[] values = new ConstantProbe(origins is [var one] ? one : _call, generator).Find(op, relations, output.Length);
            for (int i = 0; i < output.Length; i++)
            {
                if (candidates[i])
                    output.SetConstant(i, values[i]);
            }
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            // nothing is known of a call that does not run
        }
    }

    /// <summary>
    /// Relations of axes length by length, each found where all axes of other lengths are short. One is kept where both of its axes are as
    /// long as they were.
    /// </summary>
    private static Dictionary<IndexRelation, RepeatableCall> FindRelations(RepeatableCall call, Generator generator)
    {
        var found = new Dictionary<IndexRelation, RepeatableCall>();
        IEnumerable<long> lengths = call.InputShapes.SelectMany(shape => shape).Where(length => length > 1).Distinct();
        foreach (var group in lengths.ToArray().GroupBy(length => call.Reduce(length, generator) ?? call))
        {
            var test = new CutTest(group.Key, generator);
            IndexRelation[] seen = [.. new RelationProbe(group.Key, generator).Find(IsWholeOutput).Where(IsWhole)];
            IReadOnlyList<IndexRelation> relations = test.Filter(seen);
            foreach (IndexRelation relation in relations.Concat(new SameLengths(group.Key, test).Find(relations, group).Where(IsWhole)))
                found[relation] = group.Key;

            bool IsWhole(IndexRelation relation) =>
                group.Contains(group.Key.InputShapes[relation.Input][relation.InputAxis])
                && call.InputShapes[relation.Input][relation.InputAxis] == relation.Map.Length
                && IsWholeOutput(relation.Output, relation.OutputAxis);

            bool IsWholeOutput(int output, int axis) => call.OutputShapes[output][axis] == group.Key.OutputShapes[output][axis];
        }
        return found;
    }

    /// <summary>Not by running it twice: the process's generator is not ours to draw from.</summary>
    private static bool IsRandom(GraphNode node)
    {
        IEnumerable<object?> arguments = node.Method!.GetParameters().Select(parameter => node.Arguments[parameter.Name!]);
        return RandomFunctions.Draws(node.Method, [.. node.Method.IsStatic ? arguments : arguments.Prepend(null)]);
    }

    private static bool RepeatsItself(RepeatableCall call, Generator generator)
    {
        using var _ = no_grad();
        Tensor[] inputs = call.Draw(ProbeRange.Normal, generator);
        Tensor[] first = call.Run(inputs);
        Tensor[] second = call.Run(inputs);
        return first.Length == call.OutputShapes.Count
            && first.Zip(call.OutputShapes).All(pair => pair.First.shape.SequenceEqual(pair.Second))
            && first.Zip(second).All(pair => ProbeTensors.AreClose(pair.First, pair.Second, 1));
    }
}
