using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>
/// A parameter or buffer that a user's <c>forward</c> reads by itself (a position embedding, a scale for each channel), as an
/// operator without inputs: an index is constant where the masked slice holds one value, and any index can go.
/// </summary>
/// <param name="name">Its name within the module that owns it.</param>
internal sealed class ModelTensor(string name) : IOperatorHandler
{
    /// <summary>Its name within the module that owns it.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The handler of a constant node; null where the tensor is none of the model's own, holds no real numbers, or
    /// belongs to a module that cannot be built anew around it.
    /// </summary>
    public static ModelTensor? Find(GraphNode node, ModelGraph graph, ModelInventory inventory, IHandlerSource handlers)
    {
        if (node.Kind != NodeKind.ModelTensor || graph.Values[node.Outputs[0]].ParameterPath is not { } path)
            return null;
        if (!is_floating_point(graph.Values[node.Outputs[0]].DType))
            return null;
        if (inventory.FindHeld(path) is { } held)
            return inventory.PlacesOf(held).Any(place => IsWithinLeaf(place.Name, graph)) ? null : new ModelTensor(path);
        (nn.Module? owner, string name) = inventory.Locate(path);
        return owner is not null && CanSlice(owner, graph, inventory, handlers) ? new ModelTensor(name) : null;
    }

    /// <summary>Whether a module is a layer of TorchSharp's, which knows the sizes of its parameters.</summary>
    public static bool IsOfLayer(nn.Module owner) => CodeOrigin.IsTorch(owner.GetType()) && owner is not (ParameterList or ParameterDict);

    /// <summary>
    /// The owner's own call makes it smaller, or nobody calls it. A layer that nobody calls is built anew, once all its parameters are known
    /// to follow.
    /// </summary>
    private static bool CanSlice(nn.Module owner, ModelGraph graph, ModelInventory inventory, IHandlerSource handlers)
    {
        IModuleHandler? handler = handlers.FindModuleHandler(owner.GetType());
        GraphNode[] calls = [.. graph.Nodes.Where(other => ReferenceEquals(other.Module, owner))];
        if (calls.Length > 0)
            return handler is not null && Array.TrueForAll(calls, call => call.Kind == NodeKind.Module);
        if (!IsOfLayer(owner))
            return true;
        HashSet<string> read = [.. graph.Values.Select(value => value.ParameterPath).OfType<string>()];
        string prefix = inventory.PathOf(owner);
        return handler?.FindBuilder(owner) is not null
            && owner.named_parameters(recurse: false).All(own => read.Contains(prefix.Length == 0 ? own.name : $"{prefix}.{own.name}"));
    }

    /// <summary>Whether a place belongs to a module that is called as one, which may read what it holds.</summary>
    private static bool IsWithinLeaf(string place, ModelGraph graph) =>
        graph.Nodes.Any(other => other.Module is not null && IsWithin(place, other.ModulePath));

    private static bool IsWithin(string place, string modulePath) =>
        place.StartsWith(modulePath, StringComparison.Ordinal)
        && (place.Length == modulePath.Length || place[modulePath.Length] is '.' or '[');

    /// <inheritdoc/>
    public void InferFromWeight(IOperator op)
    {
        ParameterFacts parameter = op.FindParameter(Name)!;
        if (parameter.Facts.Rank == 0)
            op.Output(0).SetConstant(parameter.MaskedEntries()[0]);
        for (int axis = 0; axis < parameter.Facts.Rank; axis++)
        {
            double[] constants = parameter.ConstantSlices(axis);
            for (int i = 0; i < constants.Length; i++)
                op.Output(0)[axis].SetConstant(i, constants[i]);
        }
    }

    /// <inheritdoc/>
    public void InferFromInput(IOperator op) { }

    /// <inheritdoc/>
    public void InferFromOutput(IOperator op) { }

    /// <inheritdoc/>
    public void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
            relations.Tie(AxisRef.OfParameter(Name, axis), AxisRef.OfOutput(0, axis));
    }

    /// <inheritdoc/>
    public void Constrain(IPlanning plan) { }

    /// <summary>The masked slice that is left; null where all is. It belongs to the caller.</summary>
    public Tensor? Slice(IReplacement replacement)
    {
        int rank = replacement.Output(0).Rank;
        AxisRef[] axes = [.. Enumerable.Range(0, rank).Select(axis => AxisRef.OfOutput(0, axis))];
        if (Array.TrueForAll(axes, axis => replacement.Kept(axis).Count == replacement.Facts(axis).Length))
            return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor slice = replacement.FindParameter(Name)!.Masked();
        for (int axis = 0; axis < rank; axis++)
            slice = replacement.SelectKept(slice, axis, axes[axis]);
        return slice.MoveToOuterDisposeScope();
    }
}
