using Speedup.Core.Graph;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>The tensors of the model that a plan reads by themselves.</summary>
internal sealed class PlanTensors(ModelInventory inventory, PlanModules modules, Identifiers names, List<string> reasons)
{
    private readonly Dictionary<int, CodeTensor> _tensors = [];
    private readonly Dictionary<string, CodeTensor> _byPath = new(StringComparer.Ordinal);

    /// <summary>The tensors, by the ids of their values.</summary>
    public IReadOnlyDictionary<int, CodeTensor> All => _tensors;

    /// <summary>Adds a tensor.</summary>
    /// <param name="value">The id of its value.</param>
    /// <param name="path">Its name in the state dict, or its place; null where it has none.</param>
    /// <param name="node">The node that the trace has for it.</param>
    public void Add(int value, string? path, GraphNode node)
    {
        if (path is null || Find(path) is not { } tensor)
            reasons.Add($"{node.Name} is read by '{node.ModulePath}', and is in no field of the model's in which it could be found again.");
        else
            _tensors[value] = tensor;
    }

    private CodeTensor? Find(string path)
    {
        if (_byPath.TryGetValue(path, out CodeTensor? known))
            return known;
        CodeTensor? found = FindRegistered(path) is not var (owner, name, own)
            ? inventory.FindHeld(path) is { } held
                ? new CodeTensor(names.Take(path, "tensor"), held, null)
                : null
            : modules.Find(owner) is { } module
                ? new CodeTensor(name, own, module)
                : new CodeTensor(names.Take(path, "tensor"), own, null);
        if (found is not null)
            _byPath[path] = found;
        return found;
    }

    /// <summary>The parameter or buffer of that name in the state dict; modules may register names with dots.</summary>
    private (nn.Module Owner, string Name, Tensor Tensor)? FindRegistered(string path)
    {
        foreach ((string ownerPath, nn.Module owner) in inventory.Modules)
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(owner))
        {
            if (TensorPath.Join(ownerPath, name) == path)
                return (owner, name, tensor);
        }
        return null;
    }
}
