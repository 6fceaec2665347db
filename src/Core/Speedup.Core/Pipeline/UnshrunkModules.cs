using System.Globalization;
using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;

namespace Speedup.Core.Pipeline;

/// <summary>Says for each masked module that did not shrink as far as its masks why.</summary>
internal static class UnshrunkModules
{
    /// <summary>The modules, in the order of the masks.</summary>
    public static IReadOnlyList<UnshrunkModule> Find(OperatorGraph graph, RemovalPlan plan, MaskSet masks)
    {
        Dictionary<string, MaskedModule> modules = graph.Modules.DistinctBy(module => module.Path).ToDictionary(module => module.Path);
        return
        [
            .. masks
                .Entries.Select(entry =>
                    graph.Inventory.Find(entry.ModulePath) is { } module ? graph.Inventory.PathOf(module) : entry.ModulePath
                )
                .Distinct()
                .Where(modules.ContainsKey)
                .Select(path => Describe(graph, plan, modules[path]))
                .OfType<UnshrunkModule>(),
        ];
    }

    private static UnshrunkModule? Describe(OperatorGraph graph, RemovalPlan plan, MaskedModule module)
    {
        (AxisKey Key, int Index)[] pruned =
        [
            .. from name in module.Names
            from place in MaskedGroups.PrunedIndices(module.FindFacts(name)!)
            select (new AxisKey(graph.Keys.Of(module.TensorOf(name)), place.Axis), place.Index),
        ];
        (AxisKey Key, int Index)[] left = [.. pruned.Where(place => !plan.IsRemoved(place.Key, place.Index))];
        if (pruned.Length > 0 && left.Length == 0)
            return null;
        (KeepCause? cause, string reason) = pruned.Length == 0 ? (null, DescribeMask(module)) : DescribeLeft(graph, plan, module, left);
        return new UnshrunkModule(module.Path, module.Module.GetType().Name, pruned.Length, pruned.Length - left.Length, cause, reason);
    }

    private static string DescribeMask(MaskedModule module) =>
        module.IsMasked
            ? "its masks prune single entries, but no whole row or column: they are multiplied into the weights, which saves no time"
            : "its masks are ones throughout: they prune nothing";

    private static (KeepCause?, string) DescribeLeft(
        OperatorGraph graph,
        RemovalPlan plan,
        MaskedModule module,
        (AxisKey Key, int Index)[] left
    )
    {
        GraphOperator[] calls = [.. graph.Operators.Where(op => ReferenceEquals(op.Module, module.Module) || IsRead(op, module))];
        if (calls.Length == 0)
            return (null, "it was not called: only code that another input, or training, leads to may use it");
        if (Array.Find(calls, call => call.Handler is null) is { } barrier)
            return (
                KeepCause.Barrier,
                $"no loaded plugin handles {barrier.Module?.GetType().Name ?? "a tensor of this module that code reads"}"
            );
        IGrouping<KeptReason?, (AxisKey, int)> largest = left.GroupBy(place => plan.FindReason(place.Key, place.Index))
            .MaxBy(group => (group.Key is not null, group.Count()))!;
        string others =
            largest.Count() < left.Length ? string.Create(CultureInfo.InvariantCulture, $" ({largest.Count()} of {left.Length})") : "";
        return largest.Key is { } found
            ? (found.Cause, $"{found.Operator}: {found.Reason}{others}")
            : (KeepCause.Aligned, $"what these rows and columns compute, or what goes together with them, is used elsewhere{others}");
    }

    private static bool IsRead(GraphOperator op, MaskedModule module) =>
        op.Node.Kind == Graph.NodeKind.ModelTensor && ReferenceEquals(op.Parameters, module);
}
