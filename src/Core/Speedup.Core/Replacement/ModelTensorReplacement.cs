using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>
/// Installs what is left of the tensors that code reads by itself: in their places, or in a smaller module where they are parameters of a
/// layer of TorchSharp's that nobody calls.
/// </summary>
internal sealed class ModelTensorReplacement(OperatorGraph graph, RemovalPlan plan, ModelTransaction transaction)
{
    private readonly Dictionary<nn.Module, Dictionary<string, Tensor>> _layers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> _sliced = new(ReferenceEqualityComparer.Instance);

    /// <summary>Tensors that have been replaced.</summary>
    public IReadOnlySet<Tensor> Sliced => _sliced;

    /// <summary>Layers that have been replaced.</summary>
    public IEnumerable<nn.Module> Layers => _layers.Keys;

    /// <summary>Replaces them.</summary>
    /// <returns>
    /// Parameters of called modules whose smaller form holds other values than the slice that the code around it needs, since constants were
    /// folded into it: they must stay whole.
    /// </returns>
    public IReadOnlyList<Tensor> Apply()
    {
        var divided = new List<Tensor>();
        foreach (GraphOperator op in graph.Operators)
        {
            if (op.Handler is not ModelTensor free || free.Slice(new OperatorReplacement(op, plan)) is not { } slice)
                continue;
            Tensor original = op.Parameters!.TensorOf(free.Name);
            if (graph.Operators.Any(call => call.Module is not null && ReferenceEquals(call.Module, op.Parameters.Module)))
            {
                using (slice)
                {
                    if (!IsInPlace(op.Parameters.Module, free.Name, slice))
                        divided.Add(original);
                }
            }
            else if (_sliced.Add(original))
                Install(op.Parameters, free.Name, original, slice);
            else
                slice.Dispose();
        }
        foreach ((nn.Module layer, Dictionary<string, Tensor> parameters) in _layers)
            Rebuild(layer, parameters);
        return divided;
    }

    private bool IsInPlace(nn.Module owner, string name, Tensor slice)
    {
        nn.Module? small = transaction.Swaps.FirstOrDefault(swap => ReferenceEquals(swap.Old, owner)).New;
        Tensor? held = small is null ? null : ModelInventory.TensorsOf(small).FirstOrDefault(own => own.Name == name).Tensor;
        return held is not null && held.shape.AsSpan().SequenceEqual(slice.shape) && held.equal(slice).all().ToBoolean();
    }

    private void Install(MaskedModule owner, string name, Tensor original, Tensor slice)
    {
        if (!ModelTensor.IsOfLayer(owner.Module) || owner.FindFacts(name) is null || graph.Inventory.FindHeld(name) is not null)
        {
            transaction.Swap(original, original is Parameter ? new Parameter(slice, original.requires_grad) : slice);
            return;
        }
        if (!_layers.TryGetValue(owner.Module, out Dictionary<string, Tensor>? parameters))
            _layers[owner.Module] = parameters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        parameters[name] = slice.DetachFromDisposeScope();
    }

    private void Rebuild(nn.Module layer, Dictionary<string, Tensor> parameters)
    {
        MaskedModule masked = graph.Modules.First(module => ReferenceEquals(module.Module, layer));
        foreach (string name in layer.named_parameters(recurse: false).Select(own => own.name).Where(name => !parameters.ContainsKey(name)))
            parameters[name] = masked.FindFacts(name)!.Masked().DetachFromDisposeScope();
        nn.Module small = graph.FindBuilder(layer)!(parameters);
        ReplacedModule.CarryOver(layer, small);
        transaction.Swap(layer, small);
    }
}
