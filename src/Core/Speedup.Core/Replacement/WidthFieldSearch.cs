using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;

namespace Speedup.Core.Replacement;

/// <summary>
/// Finds fields that may hold the width of an axis that shrinks around a place where the small model went astray. What it finds is
/// a guess: it is tried inside the transaction and stays only if the model then runs as planned and is verified.
/// </summary>
internal static class WidthFieldSearch
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields of the innermost module on a path, or else of those around it, that equal an old width.</summary>
    /// <param name="graph">The original graph.</param>
    /// <param name="plan">The plan that was tried.</param>
    /// <param name="node">The first node that differs.</param>
    /// <param name="path">Path of the module whose code went astray.</param>
    public static IReadOnlyList<WidthField> Find(OperatorGraph graph, RemovalPlan plan, int node, string path)
    {
        Dictionary<int, AxisKey> widths = FindWidths(graph, plan, node, path);
        for (string? at = path; at is not null; at = Parent(at))
        {
            if (graph.Inventory.Find(at) is not { } module || CodeOrigin.IsTorch(module.GetType()) || IsHandled(graph, module))
                continue;
            WidthField[] found = [.. FieldsOf(module, widths)];
            if (found.Length > 0)
                return found;
        }
        return [];
    }

    /// <summary>
    /// The same field of other modules of the class, as far as it holds an old width there, too: blocks that are made alike are learnt from one.
    /// </summary>
    public static IEnumerable<WidthField> FindRelatives(OperatorGraph graph, RemovalPlan plan, WidthField field)
    {
        foreach ((string path, torch.nn.Module module) in graph.Inventory.Modules)
        {
            if (ReferenceEquals(module, field.Owner) || module.GetType() != field.Owner.GetType())
                continue;
            GraphOperator[] own = [.. graph.Operators.Where(op => op.Node.ModulePath == path || IsBelow(op.Node.ModulePath, path))];
            if (own.Length == 0)
                continue;
            Dictionary<int, AxisKey> widths = WidthsOf(own, plan);
            foreach (WidthField relative in FieldsOf(module, widths).Where(other => other.Field == field.Field))
                yield return relative;
        }
    }

    private static bool IsBelow(string path, string parent) => path.StartsWith(parent + ".", StringComparison.Ordinal);

    /// <summary>Old widths of axes that shrink, each with its axis; a width that stands for axes with different new widths is left out.</summary>
    private static Dictionary<int, AxisKey> FindWidths(OperatorGraph graph, RemovalPlan plan, int node, string path)
    {
        IEnumerable<GraphOperator> around = graph
            .Operators.Where(op => op.Node.Id <= node && op.Node.Id >= node - 1)
            .Concat(graph.Operators.Where(op => op.Node.ModulePath == path));
        return WidthsOf(around, plan);
    }

    private static Dictionary<int, AxisKey> WidthsOf(IEnumerable<GraphOperator> around, RemovalPlan plan) =>
        around
            .SelectMany(op => OperatorAxes.Values(op).Select(axis => (Key: op.KeyOf(axis), op.Facts(axis).Length)))
            .Distinct()
            .Where(axis => plan.KeptOn(axis.Key, axis.Length).Count < axis.Length)
            .GroupBy(axis => axis.Length)
            .Where(axes => axes.Select(axis => plan.KeptOn(axis.Key, axis.Length).Count).Distinct().Count() == 1)
            .ToDictionary(axes => axes.Key, axes => axes.First().Key);

    private static IEnumerable<WidthField> FieldsOf(torch.nn.Module module, Dictionary<int, AxisKey> widths)
    {
        for (Type? type = module.GetType(); type is not null && !CodeOrigin.IsTorch(type); type = type.BaseType)
        {
            foreach (
                FieldInfo field in type.GetFields(OwnFields)
                    .Where(field => field.FieldType == typeof(int) || field.FieldType == typeof(long))
            )
            {
                long value = Convert.ToInt64(field.GetValue(module), null);
                if (value <= int.MaxValue && widths.TryGetValue((int)value, out AxisKey axis))
                    yield return new WidthField(module, field, axis, (int)value);
            }
        }
    }

    /// <summary>What a module with a handler holds is the handler's to replace.</summary>
    private static bool IsHandled(OperatorGraph graph, torch.nn.Module module) =>
        graph.Operators.Any(op => op.Handler is IModuleHandler && ReferenceEquals(op.Module, module));

    private static string? Parent(string path)
    {
        if (path.Length == 0)
            return null;
        int dot = path.LastIndexOf('.');
        return dot < 0 ? "" : path[..dot];
    }
}
