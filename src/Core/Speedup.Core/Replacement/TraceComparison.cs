using System.Collections;
using System.Collections.ObjectModel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Tracing;
using TorchSharp;

namespace Speedup.Core.Replacement;

/// <summary>
/// Compares the trace of the small model with what the plan says it must be: a size that the source hard-codes shows up as a
/// wrong shape, as an argument that did not follow, or as an exception.
/// </summary>
internal static class TraceComparison
{
    /// <summary>The calls that differ, in order. Unless calls that fail are repaired, the first one may have made the others differ.</summary>
    /// <param name="original">The masked model's calls.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="part">The path that the pass took.</param>
    /// <param name="masked">The masked model's pass on the same input.</param>
    /// <param name="result">The small model's.</param>
    public static IReadOnlyList<TraceMismatch> Find(
        OperatorGraph original,
        RemovalPlan plan,
        GraphPart part,
        ModelGraph masked,
        TraceResult result
    )
    {
        ModelGraph small = result.Graph;
        var found = new List<TraceMismatch>();
        var firstCalls = new Dictionary<torch.nn.Module, GraphOperator>(ReferenceEqualityComparer.Instance);
        int call = 0;
        for (int i = 0; i < part.NodeCount; i++)
        {
            GraphOperator op = original.Operators[part.FirstNode + i];
            if (i >= small.Nodes.Count)
                return [.. found, Stop(part.FirstNode + i, $"the small model does not reach {op.Name}", result)];
            GraphNode node = small.Nodes[i];
            if (node.Kind != op.Node.Kind || node.Method != op.Node.Method || node.ModulePath != op.Node.ModulePath)
                return [.. found, new(op.Node.Id, $"the small model takes another path: {node.Name} instead of {op.Name}")];
            bool isCall = node.Module is not null || node.Kind == NodeKind.Function;
            string? reason =
                FindArgument(op, plan, masked.Nodes[i], node)
                ?? (isCall && result.Repairs?.TryGetValue(call, out string? repair) == true ? $"{op.Name} {repair}" : null)
                ?? FindShape(op, plan, ShapesOf(masked, masked.Nodes[i]), ShapesOf(small, node));
            call += isCall ? 1 : 0;
            if (op.Module is not null && !firstCalls.TryAdd(op.Module, op))
                reason ??= FindSetting(firstCalls[op.Module], op, plan);
            if (reason is not null)
                found.Add(new TraceMismatch(op.Node.Id, reason));
            if (reason is not null && result.Repairs is null)
                return found;
        }
        return result.Failure is null
            ? found
            : [.. found, Stop(part.FirstNode + part.NodeCount, "the small model fails at its end", result)];
    }

    private static TraceMismatch Stop(int node, string what, TraceResult result) =>
        new(node, result.Failure is { } failure ? $"{what} ({failure.Message.Split('\n')[0]})" : what, Stopped: result.Failure is not null);

    private static IReadOnlyList<long>[] ShapesOf(ModelGraph graph, GraphNode node) =>
        [.. node.Outputs.Select(id => graph.Values[id].Shape)];

    private static string? FindShape(GraphOperator op, RemovalPlan plan, IReadOnlyList<long>[] masked, IReadOnlyList<long>[] small)
    {
        for (int position = 0; position < op.OutputCount; position++)
        {
            IReadOnlyList<long> expected = PlannedShapes.Of(op, position, plan, masked[position]);
            if (position >= small.Length || !expected.SequenceEqual(small[position]))
                return $"{op.Name} yields [{string.Join(", ", small.ElementAtOrDefault(position) ?? [])}] where [{string.Join(", ", expected)}] is needed";
        }
        return null;
    }

    /// <summary>Looks at arguments. What is given at another size only is the source's to compute; what shape comes of it is seen.</summary>
    private static string? FindArgument(GraphOperator op, RemovalPlan plan, GraphNode masked, GraphNode node)
    {
        if (op.Node.Kind != NodeKind.Function)
            return null;
        IReadOnlyDictionary<string, object?> changed = op.Handler is IFunctionHandler handler
            ? HandlerCall.Run(op, nameof(IFunctionHandler.Replace), () => handler.Replace(new OperatorReplacement(op, plan)))
            : new Dictionary<string, object?>();
        foreach ((string name, object? traced) in op.Node.Arguments)
        {
            object? own = masked.Arguments.GetValueOrDefault(name);
            bool isPatched = changed.TryGetValue(name, out object? patched);
            if (isPatched && !CallArguments.AreEqual(traced, own))
                continue;
            object? actual = node.Arguments.GetValueOrDefault(name);
            if (!CallArguments.AreEqual(isPatched ? patched : own, actual))
                return $"{op.Name} is called with {name} = {Show(actual)} where {Show(isPatched ? patched : own)} is needed";
        }
        return null;
    }

    /// <summary>There is one module for both calls, so that both must need the same numbers in it.</summary>
    private static string? FindSetting(GraphOperator first, GraphOperator other, RemovalPlan plan)
    {
        IReadOnlyDictionary<string, object?> settings = ReadSettings(first, plan);
        IReadOnlyDictionary<string, object?> others = ReadSettings(other, plan);
        string? name = settings
            .Keys.Union(others.Keys)
            .FirstOrDefault(key =>
                !settings.ContainsKey(key) || !others.ContainsKey(key) || !CallArguments.AreEqual(settings[key], others[key])
            );
        return name is null ? null : $"the calls of {other.Name} need different values of {name}";
    }

    private static IReadOnlyDictionary<string, object?> ReadSettings(GraphOperator op, RemovalPlan plan) =>
        op.Handler is IModuleHandler handler
        && HandlerCall.Run(op, nameof(IModuleHandler.Replace), () => handler.Replace(new OperatorReplacement(op, plan))) is { } small
            ? small.Settings
            : ReadOnlyDictionary<string, object?>.Empty;

    private static string Show(object? value) =>
        value switch
        {
            null => "null",
            Scalar scalar => $"{scalar.ToDouble()}",
            string text => text,
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Show))}]",
            _ => $"{value}",
        };
}
