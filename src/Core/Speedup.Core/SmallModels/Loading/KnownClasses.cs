using System.Reflection;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>
/// The classes that a file may name: those of the model, of TorchSharp, of this framework, and those that the host gives. A name is compared with theirs,
/// and never looked up in any other way.
/// </summary>
internal sealed class KnownClasses
{
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);

    /// <summary>Collects them.</summary>
    public KnownClasses(ModelInventory inventory, IReadOnlyList<Type> others)
    {
        Assembly[] own = [typeof(nn).Assembly, typeof(ISavableModule).Assembly];
        IEnumerable<Type> all = inventory
            .Modules.Select(entry => entry.Module.GetType())
            .Concat(own.SelectMany(assembly => assembly.GetExportedTypes()))
            .Concat(others);
        foreach (Type type in all.Where(type => typeof(nn.Module).IsAssignableFrom(type) && !type.IsAbstract))
            _types.TryAdd(ModelDescriber.ClassOf(type), type);
    }

    /// <summary>The class of that name, or null.</summary>
    public Type? Find(string name) => _types.GetValueOrDefault(name);
}
