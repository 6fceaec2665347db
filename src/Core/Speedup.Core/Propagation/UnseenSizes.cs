using Speedup.Core.Graph;
using TorchSharp;

namespace Speedup.Core.Propagation;

/// <summary>
/// What may differ in a call at sizes that no pass has seen, since arguments of it are computed from sizes and were the same in all passes: the code says so,
/// where the model took no other size.
/// </summary>
/// <param name="IsValue">Whether such an argument is a number that the call computes with: what is constant then may be another constant.</param>
/// <param name="Tensors">
/// Positions of the inputs that are the model's own tensors, or computed from these alone: how far a table is read comes from the argument. Of
/// activations only sizes themselves, which nobody prunes, are cut by sizes, and channels by counts of channels.
/// </param>
internal sealed record UnseenSizes(bool IsValue, IReadOnlySet<int> Tensors)
{
    /// <summary>Whether there is anything.</summary>
    public bool Any => IsValue || Tensors.Count > 0;

    /// <summary>The values that are the model's own tensors, or computed from these alone.</summary>
    public static HashSet<int> FindOwn(ModelGraph graph)
    {
        var own = new HashSet<int>();
        foreach (GraphNode node in graph.Nodes)
        {
            if (
                node.Kind == NodeKind.ModelTensor
                || (node.Kind == NodeKind.Function && node.Inputs.Count > 0 && node.Inputs.All(own.Contains))
            )
                own.UnionWith(node.Outputs);
        }
        return own;
    }

    /// <summary>Describes a call.</summary>
    /// <param name="own">The values that are the model's own tensors.</param>
    /// <param name="node">The call.</param>
    /// <param name="arguments">The arguments that no pass has varied.</param>
    public static UnseenSizes Find(HashSet<int> own, GraphNode node, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            return new UnseenSizes(false, new HashSet<int>());
        bool isOperator = node.Method is { IsSpecialName: true } method && method.Name.StartsWith("op_", StringComparison.Ordinal);
        return new UnseenSizes(
            arguments.Any(name => isOperator || node.Arguments.GetValueOrDefault(name) is Scalar or double or float),
            node.Inputs.Index().Where(input => own.Contains(input.Item)).Select(input => input.Index).ToHashSet()
        );
    }
}
