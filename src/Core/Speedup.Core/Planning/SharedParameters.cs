using Speedup.Abstractions;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Planning;

/// <summary>A parameter that two modules share, or that a module outside the traced pass holds, is not sliced.</summary>
internal static class SharedParameters
{
    /// <summary>Keeps what is tied to such parameters.</summary>
    public static void Keep(OperatorGraph graph, ElementSpace space, PlanState state)
    {
        Dictionary<Tensor, int> owners = CountOwners(graph);
        foreach (OperatorView op in graph.Operators.Where(op => op.Handler is not null && op.Parameters is not null))
        foreach (string name in op.OwnParameters.Where(name => owners.GetValueOrDefault(op.Parameters!.TensorOf(name)) > 1))
            for (int axis = 0; axis < op.FindParameter(name)!.Facts.Rank; axis++)
            {
                AxisRef reference = AxisRef.OfParameter(name, axis);
                for (int i = 0; space.Contains(op.KeyOf(reference)) && i < op.Facts(reference).Length; i++)
                    state.Keep(op, reference, i, KeepCause.Shared, $"'{name}' of {op.Name} is shared with another module");
            }
    }

    private static Dictionary<Tensor, int> CountOwners(OperatorGraph graph)
    {
        var owners = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        foreach (MaskedModule module in graph.Modules)
        foreach (string name in module.Names)
            owners[module.TensorOf(name)] = owners.GetValueOrDefault(module.TensorOf(name)) + 1;
        return owners;
    }
}
