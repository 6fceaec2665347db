using Speedup.Core.Graph;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>The modules that a plan calls.</summary>
internal sealed class PlanModules(ModelInventory inventory, IPlanTarget target, Identifiers names, List<string> reasons)
{
    private readonly Dictionary<nn.Module, CodeModule?> _modules = new(ReferenceEqualityComparer.Instance);

    /// <summary>The modules, in the order in which they are first called.</summary>
    public IReadOnlyList<CodeModule> All => [.. _modules.Values.OfType<CodeModule>()];

    /// <summary>Whether the modules of the pass include one; null where it cannot be written.</summary>
    public CodeModule? Find(nn.Module module) => _modules.GetValueOrDefault(module);

    /// <summary>Adds the module of a call.</summary>
    public void Add(GraphNode node)
    {
        nn.Module module = node.Module!;
        if (!_modules.ContainsKey(module))
            _modules[module] = Describe(module, node);
    }

    private CodeModule? Describe(nn.Module module, GraphNode node)
    {
        string path = inventory.PathOf(module);
        if (inventory.Find(path) is null)
            return Refuse($"{node.Name} is a module that forward makes; make it in the constructor.");
        if (target.FindRefusal(module, node) is { } reason)
            return Refuse($"{node.Name}{reason}");
        return new CodeModule(names.Take(path, "layer"), path, module, target.FindConstruction(module));
    }

    private CodeModule? Refuse(string reason)
    {
        reasons.Add(reason);
        return null;
    }
}
