using System.Reflection;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>The children of modules by name: a <c>forward</c> that makes a layer when it is first called may register it, too.</summary>
internal sealed class ChildSnapshot
{
    private static readonly FieldInfo? Children = typeof(nn.Module).GetField(
        "_internal_submodules",
        BindingFlags.Instance | BindingFlags.NonPublic
    );

    private readonly List<(OrderedDict<string, nn.Module> Children, HashSet<string> Names)> _modules = [];

    /// <summary>Notes the children of a model's own modules.</summary>
    public ChildSnapshot(ModelInventory inventory)
    {
        foreach ((_, nn.Module module) in inventory.Modules.Where(entry => !CodeOrigin.IsTorch(entry.Module.GetType())))
        {
            if (Children?.GetValue(module) is OrderedDict<string, nn.Module> children)
                _modules.Add((children, [.. NamesOf(children)]));
        }
    }

    /// <summary>Takes out what was registered since.</summary>
    public void Restore()
    {
        foreach ((OrderedDict<string, nn.Module> children, HashSet<string> names) in _modules)
        {
            foreach (string name in NamesOf(children).Where(name => !names.Contains(name)).ToArray())
                children.Remove(name);
        }
    }

    private static IEnumerable<string> NamesOf(OrderedDict<string, nn.Module> children) =>
        ((IEnumerable<(string Name, nn.Module)>)children).Select(child => child.Name);
}
