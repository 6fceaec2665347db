using Speedup.Abstractions;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Planning;

/// <summary>
/// A parameter that two modules share is sliced if both can be replaced: their axes are one, so that both lose the same indices, and
/// the smaller modules share again. One that a module outside the traced pass holds, or one without a handler, is not sliced.
/// </summary>
internal static class SharedParameters
{
    /// <summary>Keeps what is tied to parameters that are not sliced.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="space">The indices.</param>
    /// <param name="state">The plan.</param>
    /// <param name="whole">Parameters that an earlier attempt could not share again.</param>
    public static void Keep(OperatorGraph graph, ElementSpace space, PlanState state, IReadOnlySet<Tensor> whole)
    {
        ILookup<Tensor, MaskedModule> owners = FindOwners(graph);
        foreach (GraphOperator op in graph.Operators.Where(op => op.Handler is not null && op.Parameters is not null))
        foreach (string name in op.OwnParameters.Where(name => MustStay(op.Parameters!.TensorOf(name))))
            for (int axis = 0; axis < op.FindParameter(name)!.Facts.Rank; axis++)
            {
                AxisRef reference = AxisRef.OfParameter(name, axis);
                for (int i = 0; space.Contains(op.KeyOf(reference)) && i < op.Facts(reference).Length; i++)
                    state.Keep(
                        op,
                        reference,
                        i,
                        KeepCause.Shared,
                        $"'{name}' of {op.Name} is shared with another module, or with code that reads it"
                    );
            }

        bool MustStay(Tensor tensor) =>
            whole.Contains(tensor) || (owners[tensor].Skip(1).Any() && !owners[tensor].All(owner => IsReplaceable(owner, graph)));
    }

    /// <summary>The modules that hold each parameter.</summary>
    public static ILookup<Tensor, MaskedModule> FindOwners(OperatorGraph graph) =>
        graph
            .Modules.SelectMany(module => module.Names.Select(name => (Tensor: module.TensorOf(name), Module: module)))
            .ToLookup(entry => entry.Tensor, entry => entry.Module, (IEqualityComparer<Tensor>)ReferenceEqualityComparer.Instance);

    private static bool IsReplaceable(MaskedModule owner, OperatorGraph graph)
    {
        GraphOperator[] calls = [.. graph.Operators.Where(op => ReferenceEquals(op.Module, owner.Module))];
        return calls.Length > 0 && Array.TrueForAll(calls, call => call.Handler is IModuleHandler);
    }
}
