using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Which indices of the dense model's parameters are left, over any number of speedups.</summary>
internal static class KeptIndices
{
    /// <summary>Puts what a plan keeps on top of what was kept before.</summary>
    /// <param name="before">Kept by the speedups before, by tensor and axis; whole axes are not listed.</param>
    /// <param name="graph">The graph of this one.</param>
    /// <param name="plan">What it keeps.</param>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>> Join(
        IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>> before,
        OperatorGraph graph,
        RemovalPlan plan
    )
    {
        var all = before.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        foreach (MaskedModule module in graph.Modules)
        foreach (string name in module.Names)
        {
            string path = TensorPath.Join(module.Path, name);
            Dictionary<int, IReadOnlyList<long>> axes = all.TryGetValue(path, out var earlier) ? earlier.ToDictionary() : [];
            Tensor tensor = module.TensorOf(name);
            for (int axis = 0; axis < tensor.shape.Length; axis++)
            {
                IReadOnlyList<int> kept = plan.KeptOn(new AxisKey(graph.Keys.Of(tensor), axis), (int)tensor.shape[axis]);
                if (kept.Count < tensor.shape[axis])
                    axes[axis] = axes.TryGetValue(axis, out IReadOnlyList<long>? old) ? [.. kept.Select(index => old[index])] : [.. kept];
            }
            if (axes.Count > 0)
                all[path] = axes;
        }
        return all;
    }
}
