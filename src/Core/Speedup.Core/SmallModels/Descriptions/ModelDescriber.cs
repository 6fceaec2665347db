using System.Text.Json;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>Describes models.</summary>
internal sealed class ModelDescriber
{
    private readonly SettingFields _fields = new();

    /// <summary>Describes a model as it is.</summary>
    public ModelDescription Describe(ModelInventory inventory)
    {
        var names = new TensorNames();
        return new ModelDescription(
            [.. inventory.Modules.Select(entry => Describe(entry.Path, entry.Module, names))],
            inventory.Held.ToDictionary(entry => entry.Place, entry => TensorDescription.Of(entry.Tensor))
        );
    }

    /// <summary>The plain values in the fields of a module.</summary>
    public IReadOnlyList<SettingField> FieldsOf(nn.Module module) => _fields.Of(module.GetType());

    /// <summary>The name of a class, as it stands in files.</summary>
    public static string ClassOf(Type type) => type.ToString();

    private ModuleDescription Describe(string path, nn.Module module, TensorNames names)
    {
        var settings = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var state = new List<string>();
        foreach (SettingField field in FieldsOf(module))
        {
            settings[field.Name] = field.Read(module);
            if (field.IsState)
                state.Add(field.Name);
        }
        var tensors = new Dictionary<string, TensorDescription>(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(module))
            tensors[name] = TensorDescription.Of(tensor, names.Add(tensor, TensorPath.Join(path, name)));
        return new ModuleDescription(path, ClassOf(module.GetType()), settings, state, tensors);
    }
}
