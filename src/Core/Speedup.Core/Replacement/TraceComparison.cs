using System.Collections;
using System.Collections.ObjectModel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;

namespace Speedup.Core.Replacement;

/// <summary>
/// Compares the trace of the small model with what the plan says it must be: a size that the source hard-codes shows up as a
/// wrong shape, as an argument that did not follow, or as an exception.
/// </summary>
internal static class TraceComparison
{
    /// <summary>The first difference; null where there is none.</summary>
    public static TraceMismatch? Find(OperatorGraph original, RemovalPlan plan, ModelGraph small)
    {
        var firstCalls = new Dictionary<torch.nn.Module, OperatorView>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < original.Operators.Count; i++)
        {
            OperatorView op = original.Operators[i];
            if (i >= small.Nodes.Count)
                return new TraceMismatch(i, $"the small model does not reach {op.Name}");
            GraphNode node = small.Nodes[i];
            if (node.Kind != op.Node.Kind || node.Method != op.Node.Method || node.ModulePath != op.Node.ModulePath)
                return new TraceMismatch(i, $"the small model takes another path: {node.Name} instead of {op.Name}");
            if (FindArgument(op, plan, node) is { } argument)
                return new TraceMismatch(i, argument);
            if (FindShape(op, plan, small, node) is { } shape)
                return new TraceMismatch(i, shape);
            if (op.Module is not null && !firstCalls.TryAdd(op.Module, op) && FindSetting(firstCalls[op.Module], op, plan) is { } setting)
                return new TraceMismatch(i, setting);
        }
        return null;
    }

    private static string? FindShape(OperatorView op, RemovalPlan plan, ModelGraph small, GraphNode node)
    {
        for (int position = 0; position < op.OutputCount; position++)
        {
            TensorFacts facts = op.Output(position);
            long[] expected = [.. Enumerable.Range(0, facts.Rank).Select(axis => KeptCount(op, AxisRef.OfOutput(position, axis), plan))];
            IReadOnlyList<long> actual = small.Values[node.Outputs[position]].Shape;
            if (!expected.SequenceEqual(actual))
                return $"{op.Name} yields [{string.Join(", ", actual)}] where [{string.Join(", ", expected)}] is needed";
        }
        return null;
    }

    private static long KeptCount(OperatorView op, AxisRef axis, RemovalPlan plan) =>
        plan.KeptOn(op.KeyOf(axis), op.Facts(axis).Length).Count;

    private static string? FindArgument(OperatorView op, RemovalPlan plan, GraphNode node)
    {
        if (op.Node.Kind != NodeKind.Function)
            return null;
        IReadOnlyDictionary<string, object?> changed = op.Handler is IFunctionHandler handler
            ? HandlerCall.Run(op, nameof(IFunctionHandler.Replace), () => handler.Replace(new ReplacementView(op, plan)))
            : new Dictionary<string, object?>();
        foreach ((string name, object? traced) in op.Node.Arguments)
        {
            object? expected = changed.TryGetValue(name, out object? patched) ? patched : traced;
            object? actual = node.Arguments.GetValueOrDefault(name);
            if (!CallArguments.AreEqual(expected, actual))
                return $"{op.Name} is called with {name} = {Show(actual)} where {Show(expected)} is needed";
        }
        return null;
    }

    /// <summary>There is one module for both calls, so that both must need the same numbers in it.</summary>
    private static string? FindSetting(OperatorView first, OperatorView other, RemovalPlan plan)
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

    private static IReadOnlyDictionary<string, object?> ReadSettings(OperatorView op, RemovalPlan plan) =>
        op.Handler is IModuleHandler handler
            ? HandlerCall.Run(op, nameof(IModuleHandler.ReplaceSettings), () => handler.ReplaceSettings(new ReplacementView(op, plan)))
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
